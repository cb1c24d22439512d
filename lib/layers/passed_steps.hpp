// Whether a COPY of the source may move behind the steps that follow it, so that those stand before it.
#pragma once

#include <string_view>

#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew {

// Whether the step at `between` may stand before the COPY instead of behind it. `copy_text`: the instruction of the
// COPY, as written.
Obstacle cannot_pass(const Site& between, const Copy& copy, std::string_view copy_text);

}  // namespace dockhew
