// What of a file no rule could judge: commands that no table knows, scripts that cannot be read. "Nothing to improve"
// is true only where there is nothing of this kind.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::inline rewrite {

struct Unjudged {
  std::uint32_t line = 0;
  std::string sentence;  // "`bazel` is not known, so …"
};

// At most one for each instruction, in order.
std::vector<Unjudged> find_unjudged(const Dockerfile& file);

}  // namespace dockhew::inline rewrite
