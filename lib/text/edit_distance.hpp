// Levenshtein's distance, for "did you mean".
#pragma once

#include <cstddef>
#include <string_view>

namespace dockhew::inline text {

// Bytes inserted, removed or replaced to turn one text into the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace dockhew::inline text
