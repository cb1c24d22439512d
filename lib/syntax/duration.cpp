#include "syntax/duration.hpp"

#include <array>
#include <utility>

#include "text/utf8.hpp"

namespace dockhew::inline syntax {
namespace {

constexpr std::array<std::pair<std::string_view, double>, 8> units = {{{"ns", 1},
                                                                       {"us", 1e3},
                                                                       {"\xC2\xB5s", 1e3},
                                                                       {"\xCE\xBCs", 1e3},
                                                                       {"ms", 1e6},
                                                                       {"s", 1e9},
                                                                       {"m", 6e10},
                                                                       {"h", 3.6e12}}};

bool is_digit(char c) { return '0' <= c && c <= '9'; }

}  // namespace

Duration parse_duration(std::string_view text) {
  const auto invalid = [&] { return Duration{0, "time: invalid duration " + go_quote(text)}; };
  auto rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest == "0") return {};
  if (rest.empty()) return invalid();
  double total = 0;
  while (!rest.empty()) {
    if (rest[0] != '.' && !is_digit(rest[0])) return invalid();
    double value = 0, scale = 1;
    bool digits = false;
    for (; !rest.empty() && is_digit(rest[0]); rest.remove_prefix(1))
      value = value * 10 + (rest[0] - '0'), digits = true;
    if (rest.starts_with('.')) {
      rest.remove_prefix(1);
      for (; !rest.empty() && is_digit(rest[0]); rest.remove_prefix(1))
        value += (rest[0] - '0') * (scale /= 10), digits = true;
    }
    if (!digits) return invalid();
    std::size_t size = 0;
    while (size < rest.size() && rest[size] != '.' && !is_digit(rest[size])) ++size;
    const auto unit = rest.substr(0, size);
    rest.remove_prefix(size);
    if (unit.empty()) return {0, "time: missing unit in duration " + go_quote(text)};
    double factor = 0;
    for (const auto& [name, nanoseconds] : units)
      if (name == unit) factor = nanoseconds;
    if (factor == 0) return {0, "time: unknown unit " + go_quote(unit) + " in duration " + go_quote(text)};
    total += value * factor;
  }
  return {negative ? -total : total, {}};
}

}  // namespace dockhew::inline syntax
