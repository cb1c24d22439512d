// Versions that tags of images name: `node:22` and `golang:1.21` stand for the newest release of their line.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace dockhew::inline ecosystems {

// Whether the version of a tag is certainly older than another, both by their numbers: `22.10` than 22.13.0, and `22`
// than nothing of its line.
inline bool tag_is_older(const std::vector<int>& tag, const std::vector<int>& than) {
  const auto numbers = static_cast<std::ptrdiff_t>(std::min(tag.size(), than.size()));
  return std::lexicographical_compare(tag.begin(), tag.begin() + numbers, than.begin(), than.begin() + numbers);
}

}  // namespace dockhew::inline ecosystems
