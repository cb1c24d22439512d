// SHA-256, by which registries name what they keep: what is received is what was asked for only if its bytes have this
// digest. Facts: FIPS 180-4. No library of the project has it in a form that can be linked into one static executable.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace dockhew::inline text {

// Of bytes that come piece by piece.
class Sha256 {
 public:
  Sha256();
  void add(std::string_view bytes);
  std::string hex() const;  // of all so far

 private:
  std::array<std::uint32_t, 8> state_;
  std::string rest_;  // less than a block
  std::uint64_t size_ = 0;
};

// 64 hexadecimal digits, in lower case.
std::string sha256_hex(std::string_view bytes);

}  // namespace dockhew::inline text
