// The second layer of what BuildKit rejects: flags, arity, names and values that are wrong in any build. The first
// layer, what cannot be read at all, is in Document::errors. Wording and order are BuildKit's (instructions/parse.go,
// bflag.go); BuildKit stops at the first, while here each instruction has its own.
#pragma once

#include <vector>

#include "syntax/document.hpp"

namespace dockhew::inline syntax {

// At most one error per instruction, in order. Spans refer to the source.
std::vector<SyntaxError> find_instruction_errors(const Document& document);

// The option closest to a misspelt word, at most two edits away; empty when there is none, when the word is an option
// itself, or when there are more options than anybody misspells.
inline constexpr std::size_t most_suggested = 100;
std::string suggest(std::string_view word, const std::vector<std::string_view>& options);

// What Go's strconv.ParseBool accepts.
bool is_go_boolean(std::string_view text);

}  // namespace dockhew::inline syntax
