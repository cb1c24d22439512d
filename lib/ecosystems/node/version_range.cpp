#include "ecosystems/node/version_range.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <system_error>

namespace dockhew::inline ecosystems {
namespace {

struct Numbers {
  std::array<unsigned, 3> values = {};
  std::size_t known = 0;  // how many are named, from the left: one of `1`, `1.x`
};

std::optional<Numbers> numbers_of(std::string_view text) {
  Numbers numbers;
  if (text.empty()) return std::nullopt;
  for (bool more = true; more;) {
    const auto dot = text.find('.');
    const auto part = text.substr(0, dot);
    more = dot != text.npos;
    text.remove_prefix(more ? dot + 1 : text.size());
    if (part == "x" || part == "X" || part == "*") return numbers;
    if (numbers.known == numbers.values.size()) return std::nullopt;
    auto& value = numbers.values[numbers.known++];
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (error != std::errc() || end != part.data() + part.size()) return std::nullopt;
  }
  return numbers;
}

bool has_same(const Numbers& version, const Numbers& range, std::size_t numbers) {
  return std::equal(version.values.begin(), version.values.begin() + static_cast<std::ptrdiff_t>(numbers),
                    range.values.begin());
}

// How many numbers a caret holds: all up to the first that is not 0, and no more than are named.
std::size_t held_by_caret(const Numbers& range) {
  std::size_t held = 1;
  while (held < range.known && range.values[held - 1] == 0) ++held;
  return std::min(held, range.known);
}

}  // namespace

std::optional<bool> is_in_range(std::string_view version, std::string_view range) {
  const auto there = numbers_of(version);
  if (!there || there->known != there->values.size()) return std::nullopt;
  if (range.empty() || range == "*") return true;
  const auto take = [&](std::string_view sign) {
    const bool has = range.starts_with(sign);
    if (has) range.remove_prefix(sign.size());
    return has;
  };
  const bool caret = take("^"), tilde = !caret && take("~"), least = !caret && !tilde && take(">=");
  if (!caret && !tilde && !least) take("=");
  take("v");
  const auto asked = numbers_of(range);
  if (!asked) return std::nullopt;
  if (!caret && !tilde && !least) return has_same(*there, *asked, asked->known);
  if (there->values < asked->values) return false;
  if (least) return true;
  return has_same(*there, *asked, caret ? held_by_caret(*asked) : std::min<std::size_t>(asked->known, 2));
}

}  // namespace dockhew::inline ecosystems
