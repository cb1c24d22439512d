// Programs and tests of the project that build its images themselves, through an API of Docker that has no BuildKit:
// what they build gets no `RUN --mount`. They are only searched for such calls.
#pragma once

#include <string>
#include <string_view>

#include "project/build_files.hpp"

namespace dockhew::cli {

// Whether a file is in a language in which such calls are known, by its name.
bool may_build_images(std::string_view name);

Builds read_building_program(const std::string& path);

}  // namespace dockhew::cli
