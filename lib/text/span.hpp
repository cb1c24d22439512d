// A span names bytes of one source file. Everything inside the library uses spans; lines and columns exist only at the
// edge (position.hpp), because encodings and line endings are a matter of presentation.
#pragma once

#include <cstdint>
#include <string_view>

namespace dockhew::inline text {

// Half-open range of byte offsets [begin, end) into a source. Files are limited to 4 GiB by the type.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  constexpr std::uint32_t size() const { return end - begin; }
  constexpr bool empty() const { return begin == end; }
  constexpr bool contains(Span other) const { return begin <= other.begin && other.end <= end; }
  constexpr bool overlaps(Span other) const { return begin < other.end && other.begin < end; }
  friend constexpr bool operator==(Span, Span) = default;
};

constexpr std::string_view slice(std::string_view source, Span span) { return source.substr(span.begin, span.size()); }

}  // namespace dockhew::inline text
