// Reads a Dockerfile's physical lines into a lossless tree and finds its instructions, their logical texts and
// heredocs. Never fails: errors are recorded, and the rest is read as usual.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syntax/heredoc.hpp"
#include "syntax/logical_text.hpp"
#include "syntax/tree.hpp"

namespace dockhew::inline syntax {

enum class LineKind : std::uint8_t {
  file,
  byte_order_mark,
  directive,
  directive_name,
  directive_value,
  comment,
  blank,    // white space before a comment, an instruction, or alone on its line
  newline,  // "\n" with the carriage returns before it; between instructions also the empty lines after it
  instruction,
  text,          // what one line adds to an instruction
  continuation,  // escape character, blanks and line ending
  heredoc_body,
  heredoc_end,  // the line with the terminator
  token,        // any other byte
};

std::string_view to_string(LineKind kind);

struct RawInstruction {
  std::uint32_t node = 0;  // of the instruction in the line tree
  Span span;               // from the first byte of the keyword to the end of the text or of the last heredoc
  LogicalText text;
  std::vector<Heredoc> heredocs;
  bool empty_continuation = false;  // there was an empty line inside a continuation
};

struct Directive {
  std::string name;  // lower case: syntax, escape, check
  std::string value;
  Span span;
};

struct ParsedLines {
  Tree<LineKind> tree;
  std::vector<SyntaxError> errors;
  std::vector<Directive> directives;
  std::vector<RawInstruction> instructions;
  std::optional<std::uint32_t> end;  // where the file was so large that nothing was read from there on
  char escape = '\\';
  std::unique_ptr<char[]> joined;  // holds the logical texts of continued instructions
};

// `source` must outlive the result.
ParsedLines parse_lines(std::string_view source);

}  // namespace dockhew::inline syntax
