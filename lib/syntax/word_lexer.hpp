// BuildKit's word lexer (shell.Lex): quotes, escapes and variable expansion in the words of an instruction. It is not
// the shell that RUN uses, and it differs from it on purpose. Facts: BuildKit frontend/dockerfile/shell/lex.go.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/limits.hpp"

namespace dockhew::inline syntax {

struct LexOptions {
  char escape = '\\';
  bool raw_quotes = false;                            // keep quote characters in the result
  bool raw_escapes = false;                           // keep escape characters in the result
  bool keep_unset = false;                            // leave `$name` as written when it has no value
  bool quotes_are_text = false;                       // heredoc bodies: quotes mean nothing
  bool split = false;                                 // give the words of the result, too
  std::size_t longest_value = limits::longest_value;  // of all variables of the word, in bytes
};

// The value of a variable, or nothing when it is not set.
using VariableLookup = std::function<std::optional<std::string>(std::string_view name)>;

struct LexResult {
  std::string text;                // the whole word, expanded
  std::vector<std::string> words;  // the same, split at white space outside quotes; if that was asked for
  std::string error;               // BuildKit's wording; empty when the word could be read
  bool missing_value = false;      // the error is that of `${NAME:?…}`: a variable has no value
  bool beyond_limits = false;      // the error is ours: BuildKit would go on where we stop
};

LexResult lex_word(std::string_view word, const VariableLookup& lookup, LexOptions options = {});

}  // namespace dockhew::inline syntax
