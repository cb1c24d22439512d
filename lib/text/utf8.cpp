#include "text/utf8.hpp"

#include "text/ci_log.hpp"

#include <algorithm>
#include <array>

namespace dockhew::inline text {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

void append_hex(std::string& out, char32_t value, int digits) {
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) out += hex_digits[(value >> shift) & 15];
}

char lower(char c) { return 'A' <= c && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// Code points that change the direction or the width of what follows, or cannot be seen at all.
bool is_invisible(char32_t rune) {
  if (rune == 0xAD || rune == 0xFEFF || rune == 0x061C || rune == 0x180E) return true;
  if (0x80 <= rune && rune <= 0x9F) return true;
  if (0x200B <= rune && rune <= 0x200F) return true;
  if (0x2028 <= rune && rune <= 0x202E) return true;
  if (0x2060 <= rune && rune <= 0x206F) return true;
  if (0xFFF0 <= rune && rune <= 0xFFFB) return true;
  return 0xE0000 <= rune && rune <= 0xE0FFF;
}

// Approximates Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space.
bool is_printable(char32_t rune) {
  if (rune < 0x20 || rune == 0x7F) return false;
  if (rune == ' ') return true;
  if (is_unicode_space(rune) || is_invisible(rune)) return false;
  if (0xE000 <= rune && rune <= 0xF8FF) return false;  // private use
  if (rune >= 0xF0000) return false;
  if ((rune & 0xFFFE) == 0xFFFE || (0xFDD0 <= rune && rune <= 0xFDEF)) return false;
  return true;
}

void append_escaped(std::string& out, char32_t rune) {
  if (rune < 0x80) {
    out += "\\x";
    append_hex(out, rune, 2);
  } else if (rune < 0x10000) {
    out += "\\u";
    append_hex(out, rune, 4);
  } else {
    out += "\\U";
    append_hex(out, rune, 8);
  }
}

}  // namespace

Rune decode_rune(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return {first, 1, true};
  const Rune invalid{0xFFFD, 1, false};
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < size) return invalid;
  char32_t value = first & (0xFFu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return invalid;
    value = (value << 6) | (byte(i) & 0x3F);
  }
  constexpr std::array<char32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = 0xD800 <= value && value <= 0xDFFF;
  if (value < smallest[size] || value > 0x10FFFF || surrogate) return invalid;
  return {value, size, true};
}

void append_rune(std::string& out, char32_t rune) {
  if (rune < 0x80) {
    out += static_cast<char>(rune);
  } else if (rune < 0x800) {
    out += static_cast<char>(0xC0 | (rune >> 6));
    out += static_cast<char>(0x80 | (rune & 0x3F));
  } else if (rune < 0x10000) {
    out += static_cast<char>(0xE0 | (rune >> 12));
    out += static_cast<char>(0x80 | ((rune >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (rune & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (rune >> 18));
    out += static_cast<char>(0x80 | ((rune >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((rune >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (rune & 0x3F));
  }
}

bool is_unicode_space(char32_t rune) {
  if (rune < 0x80) return rune == ' ' || (0x09 <= rune && rune <= 0x0D);
  switch (rune) {
    case 0x85:
    case 0xA0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202F:
    case 0x205F:
    case 0x3000: return true;
    default: return 0x2000 <= rune && rune <= 0x200A;
  }
}

std::string_view trim_left_unicode(std::string_view text) {
  while (!text.empty()) {
    const auto rune = decode_rune(text);
    if (!is_unicode_space(rune.value)) break;
    text.remove_prefix(rune.size);
  }
  return text;
}

std::string_view trim_right_unicode(std::string_view text) {
  while (!text.empty()) {
    std::size_t start = text.size() - 1;
    while (start > 0 && text.size() - start < 4 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
    auto rune = decode_rune(text.substr(start));
    if (start + rune.size != text.size()) rune = decode_rune(text.substr(text.size() - 1));
    if (!is_unicode_space(rune.value)) break;
    text.remove_suffix(rune.size);
  }
  return text;
}

std::string_view trim_unicode(std::string_view text) { return trim_right_unicode(trim_left_unicode(text)); }

std::string to_lower_ascii(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

std::string to_upper_ascii(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return 'a' <= c && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; });
  return result;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

std::string escape_for_terminal(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool at_command = is_workflow_command(text);
  while (!text.empty()) {
    const auto rune = decode_rune(text);
    const bool command = (at_command && rune.value == ':') || is_command_anywhere(text);
    if (command) {
      at_command = false;
      append_escaped(out, rune.value);
    } else if (!rune.valid) {
      out += "\\x";
      append_hex(out, static_cast<unsigned char>(text[0]), 2);
    } else if (rune.value == '\t' || (rune.value >= 0x20 && rune.value != 0x7F && !is_invisible(rune.value))) {
      out += text.substr(0, rune.size);
    } else {
      append_escaped(out, rune.value);
    }
    text.remove_prefix(rune.size);
  }
  return out;
}

std::string go_quote(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const auto rune = decode_rune(text);
    if (!rune.valid) {
      out += "\\x";
      append_hex(out, static_cast<unsigned char>(text[0]), 2);
    } else if (rune.value == '"' || rune.value == '\\') {
      out += '\\';
      out += static_cast<char>(rune.value);
    } else if (is_printable(rune.value)) {
      out += text.substr(0, rune.size);
    } else if (constexpr std::string_view named = "\a\b\f\n\r\t\v";
               rune.value != 0 && rune.value < 0x80 && named.find(static_cast<char>(rune.value)) != named.npos) {
      out += '\\';
      out += "abfnrtv"[named.find(static_cast<char>(rune.value))];
    } else {
      append_escaped(out, rune.value);
    }
    text.remove_prefix(rune.size);
  }
  return out += '"';
}

}  // namespace dockhew::inline text
