#include "lint/native_flags.hpp"

#include <cstdint>

namespace dockhew::inline lint {

Span find_native_flag(std::string_view text) {
  for (const std::string_view flag : {"target-cpu=native", "-march=native", "-mcpu=native"})
    if (const auto at = text.find(flag); at != text.npos)
      return {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + flag.size())};
  return {};
}

}  // namespace dockhew::inline lint
