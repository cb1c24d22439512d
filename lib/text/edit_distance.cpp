#include "text/edit_distance.hpp"

#include <algorithm>
#include <vector>

namespace dockhew::inline text {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::string_view nearest_word(std::string_view word, std::span<const std::string_view> words, std::size_t edits) {
  std::string_view nearest;
  for (const auto known : words) {
    const auto distance = edit_distance(word, known);
    if (distance < edits) edits = distance, nearest = known;
  }
  return nearest;
}

}  // namespace dockhew::inline text
