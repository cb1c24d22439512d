// How a fix takes an image with a later version of its language, where a project asks for one: in the tag of the stage
// that refuses the project, and of those on the same version that run what others build.
#pragma once

#include <string_view>

#include "lint/finding.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::inline lint {

// `has`: the version that the tag of the stage's base image names; `needs`: the one to name in its place.
Fix newer_image_fix(const Dockerfile& file, const Stage& stage, std::string_view has, std::string_view needs);

}  // namespace dockhew::inline lint
