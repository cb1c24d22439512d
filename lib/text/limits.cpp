#include "text/limits.hpp"

#include <algorithm>
#include <array>

namespace dockhew::inline text::limits {

std::size_t longest_value_in(std::string_view source) {
  constexpr std::size_t least = 256;
  constexpr auto holds_value = [] {
    std::array<bool, 256> holds{};
    for (const unsigned char c : {'$', '\n', ';', '&', '|'}) holds[c] = true;
    return holds;
  }();
  const auto places = static_cast<std::size_t>(
      std::ranges::count_if(source, [&](char c) { return holds_value[static_cast<unsigned char>(c)]; }));
  return std::clamp(all_values / (places + 1), least, longest_value);
}

}  // namespace dockhew::inline text::limits
