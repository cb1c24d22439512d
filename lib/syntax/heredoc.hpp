// Finds the heredocs that a logical line announces. BuildKit does not use the shell's rules for this but its own word
// lexer over the whole line; those rules decide which of the following lines belong to the instruction.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/span.hpp"

namespace dockhew::inline syntax {

struct Heredoc {
  std::string name;         // the terminator, without quotes
  bool expand = true;       // false when quote characters were removed from the name
  bool strip_tabs = false;  // <<-
  std::string fd;           // digits before <<, usually none
  Span body;                // in the source: whole physical lines
  Span terminator;          // in the source: the terminator's line; empty when it is missing
};

// The heredocs of an instruction in order; bodies are not yet known. `escape` is the file's escape character. Nothing
// when the instruction cannot contain heredocs, is in JSON form, or its words cannot be split.
std::vector<Heredoc> find_heredocs(std::string_view logical_line, char escape);

}  // namespace dockhew::inline syntax
