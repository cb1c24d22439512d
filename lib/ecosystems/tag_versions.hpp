// Versions that tags of images name: `node:22` and `golang:1.21` stand for the newest release of their line, and a tag
// without a version for the newest of all.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "facts/image_reference.hpp"

namespace dockhew::inline ecosystems {

// Whether the version of a tag is certainly older than another, both by their numbers: `22.10` than 22.13.0, and `22`
// than nothing of its line.
inline bool tag_is_older(const std::vector<int>& tag, const std::vector<int>& than) {
  const auto numbers = static_cast<std::ptrdiff_t>(std::min(tag.size(), than.size()));
  return std::lexicographical_compare(tag.begin(), tag.begin() + numbers, than.begin(), than.begin() + numbers);
}

// Whether a tag has no version, so that it stands for the newest release: `current-alpine`, `latest`, none at all.
inline bool names_newest(const ImageReference& image) {
  constexpr std::string_view tags[] = {"", "alpine", "current", "current-alpine", "current-slim", "latest", "slim"};
  return image.digest.empty() && std::ranges::find(tags, image.tag) != std::end(tags);
}

// The same, or for the newest with long-term support: `lts-slim`. Either is not more than a few years old.
inline bool names_supported(const ImageReference& image) {
  constexpr std::string_view tags[] = {"lts", "lts-alpine", "lts-slim"};
  return names_newest(image) || (image.digest.empty() && std::ranges::find(tags, image.tag) != std::end(tags));
}

}  // namespace dockhew::inline ecosystems
