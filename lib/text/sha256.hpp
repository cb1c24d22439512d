// SHA-256, by which registries name what they keep: what is received is what was asked for only if its bytes have this
// digest. Facts: FIPS 180-4. No library of the project has it in a form that can be linked into one static executable.
#pragma once

#include <string>
#include <string_view>

namespace dockhew::inline text {

// 64 hexadecimal digits, in lower case.
std::string sha256_hex(std::string_view bytes);

}  // namespace dockhew::inline text
