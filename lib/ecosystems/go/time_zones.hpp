// Whether a Go program loads time zones by name. Without any on the system it takes them from the toolchain, which the
// runtime stage does not have.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::inline ecosystems {

// The package of the distribution that has them, where a program of the stage needs it.
std::vector<std::string> time_zones(const Dockerfile& file, const Stage& stage);

}  // namespace dockhew::inline ecosystems
