// Libraries that an image certainly does not have: Debian's own image lacks them, and no step installs them or a
// package that may depend on them.
#pragma once

#include <string>
#include <string_view>

#include "model/dockerfile.hpp"

namespace dockhew::inline ecosystems {

// The package that a stage would have to install for programs that are linked with this -dev package: `libpq5` for
// `libpq-dev`. Empty where the stage may have its library, or where that is not known.
std::string package_of_absent_library(const Dockerfile& file, const Stage& stage, std::string_view headers);

}  // namespace dockhew::inline ecosystems
