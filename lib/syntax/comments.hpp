// The comments that belong to an instruction: those since the previous instruction. BuildKit reads check settings and
// descriptions of stages and arguments from them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "syntax/document.hpp"

namespace dockhew::inline syntax {

// For each instruction its comments in order, without '#' and trimmed. An empty comment discards those before it;
// comments inside a continuation and directives do not count; an indented comment keeps its '#', as in BuildKit.
std::vector<std::vector<std::string_view>> instruction_comments(const Document& document);

// `# dockhew shell=bash` and hadolint's comment of that form: which shell runs what follows, if the file itself does
// not say. Sorted by place; the names are lower case.
struct ShellComment {
  std::uint32_t position = 0;  // in the source
  std::string shell;
};
std::vector<ShellComment> find_shell_comments(const Document& document);

}  // namespace dockhew::inline syntax
