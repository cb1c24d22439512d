// Whether a COPY of the source may move after the steps that follow it, so that those come before it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline layers {

// Whether the step at `between` may come before the COPY instead of after it. `copy_text`: the instruction of the
// COPY, as written.
Obstacle cannot_pass(const Site& between, const Copy& copy, std::string_view copy_text);

// The names that ENV and ARG set.
std::vector<std::string> variables_set_by(const Site& site);

}  // namespace dockhew::inline layers
