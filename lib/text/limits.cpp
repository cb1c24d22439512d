#include "text/limits.hpp"

#include <algorithm>

namespace dockhew::inline text::limits {

std::size_t longest_value_in(std::string_view source) {
  constexpr std::size_t least = 256;
  const auto places = static_cast<std::size_t>(
      std::ranges::count_if(source, [](char c) { return c == '$' || c == '\n' || c == ';' || c == '&' || c == '|'; }));
  return std::clamp(all_values / (places + 1), least, longest_value);
}

}  // namespace dockhew::inline text::limits
