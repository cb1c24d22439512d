#include "text/encoding.hpp"

#include <string_view>

#include "text/utf8.hpp"

namespace dockhew::inline text {
namespace {

constexpr std::string_view utf8_mark = "\xef\xbb\xbf";
constexpr std::string_view little_mark = "\xff\xfe", big_mark = "\xfe\xff";

// UTF-16 after its mark.
std::optional<std::string> decode_utf16(std::string_view bytes, bool little) {
  if (bytes.size() % 2 != 0) return std::nullopt;
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]), second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<char32_t>(little ? second << 8 | first : first << 8 | second);
  };
  const auto is_high = [](char32_t value) { return value >= 0xd800 && value < 0xdc00; };
  const auto is_low = [](char32_t value) { return value >= 0xdc00 && value < 0xe000; };
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    auto rune = unit(i);
    if (rune == 0 || is_low(rune)) return std::nullopt;
    if (is_high(rune)) {
      if (i + 4 > bytes.size() || !is_low(unit(i + 2))) return std::nullopt;
      i += 2;
      rune = 0x10000 + ((rune - 0xd800) << 10) + (unit(i) - 0xdc00);
    }
    append_rune(text, rune);
  }
  return text;
}

}  // namespace

std::optional<std::string> decode_text(std::string bytes) {
  const std::string_view all = bytes;
  if (all.starts_with(little_mark)) return decode_utf16(all.substr(2), true);
  if (all.starts_with(big_mark)) return decode_utf16(all.substr(2), false);
  if (all.find('\0') != all.npos) return std::nullopt;
  if (all.starts_with(utf8_mark)) bytes.erase(0, utf8_mark.size());
  return bytes;
}

}  // namespace dockhew::inline text
