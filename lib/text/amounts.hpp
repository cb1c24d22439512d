// Amounts as people write them, the same wherever one is shown.
#pragma once

#include <cstdint>
#include <string>

namespace dockhew::inline text {

// "1.2 MB".
std::string readable_bytes(std::uint64_t bytes);

}  // namespace dockhew::inline text
