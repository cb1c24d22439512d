// Eight bytes at a time: long values and paths are looked through for each place that inherits them, so this is where
// the time of some files goes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace dockhew::inline text {

class EightBytes {
 public:
  explicit EightBytes(const char* begin) { std::memcpy(&bytes_, begin, sizeof bytes_); }

  // The high bits are zero where all are printable ASCII, and no blanks; the others mean nothing.
  std::uint64_t not_plain() const {
    const auto below = ~((bytes_ | highs) - ones * ('!'));  // of bytes without the high bit
    const auto deleted = (bytes_ & ~highs) + ones;
    return bytes_ | below | deleted;
  }
  static bool are_plain(std::uint64_t not_plain) { return (not_plain & highs) == 0; }

  // The high bit of each byte that is this one.
  std::uint64_t equal_to(char c) const { return zeros(bytes_ ^ ones * static_cast<unsigned char>(c)); }
  // Or the one before it, if it is odd.
  std::uint64_t equal_to_pair(char odd) const {
    return zeros((bytes_ | ones) ^ ones * static_cast<unsigned char>(odd));
  }

 private:
  static constexpr std::uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
  static std::uint64_t zeros(std::uint64_t bytes) { return ~(((bytes & ~highs) + ~highs) | bytes | ~highs); }

  std::uint64_t bytes_ = 0;
};

// How many bytes at the beginning are printable ASCII, and no blanks.
inline std::size_t plain_prefix(std::string_view text) {
  std::size_t size = 0;
  const auto eight = [&](std::size_t at) { return EightBytes(text.data() + size + at).not_plain(); };
  while (size + 32 <= text.size() && EightBytes::are_plain(eight(0) | eight(8) | eight(16) | eight(24))) size += 32;
  while (size + 8 <= text.size() && EightBytes::are_plain(eight(0))) size += 8;
  while (size < text.size() && ' ' < text[size] && text[size] < 0x7F) ++size;
  return size;
}

}  // namespace dockhew::inline text
