// Programs that an image certainly does not have: its base image lacks them, and no step brings them. Of few images it
// is known what they lack: those of distributions, and those of languages that are made from them.
#pragma once

#include <string>
#include <string_view>

#include "model/dockerfile.hpp"

namespace dockhew::inline ecosystems {

// The package that a stage would have to install to have the program; empty where the stage may have it.
std::string_view package_of_absent(const Dockerfile& file, const Stage& stage, std::string_view program);

}  // namespace dockhew::inline ecosystems
