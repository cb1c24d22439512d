// Splits text at its blanks without any shell rules: no quotes, no escapes.
#pragma once

#include <string_view>
#include <vector>

namespace dockhew::inline text {

// Parts of `text`, pointing into it, without the spaces and tabs between them. None is empty.
std::vector<std::string_view> split_words(std::string_view text);

}  // namespace dockhew::inline text
