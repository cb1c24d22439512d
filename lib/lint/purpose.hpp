// What a Dockerfile is for, as far as its name or that of a stage says so. An image that people develop, test or build
// in is meant to have what only a build needs.
#pragma once

#include <string_view>

#include "model/dockerfile.hpp"

namespace dockhew::inline lint {

// `path`: of the file, or empty.
bool is_for_development(std::string_view path, const Stage& stage);

}  // namespace dockhew::inline lint
