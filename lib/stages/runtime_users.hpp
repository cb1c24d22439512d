// Which users the runtime stage has: those of every image, those of the base image if the runtime image is a variant of
// it, and those that its own RUNs create.
#pragma once

#include <string>

#include "stages/step_placement.hpp"

namespace dockhew::inline stages {

// `owner`: a name or a number, optionally with a group after a colon. `end`: the steps before it may have created the
// user. `same_family`: the runtime image has the users of the base image.
bool has_runtime_user(const Facts& facts, const Stage& stage, const Placement& placement, std::size_t end,
                      bool same_family, const std::string& owner);

}  // namespace dockhew::inline stages
