// Levenshtein's distance, for "did you mean".
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace dockhew::inline text {

// Bytes inserted, removed or replaced to turn one text into the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The first of the nearest of these words, where fewer than `edits` turn it into `word`; empty where there is none.
std::string_view nearest_word(std::string_view word, std::span<const std::string_view> words, std::size_t edits);

}  // namespace dockhew::inline text
