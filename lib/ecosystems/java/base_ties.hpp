// What a stage says that holds in the image it stands on alone: where Java is, which files only a JDK has, and which
// users exist. Another build of Java, or the same one without its JDK, has them elsewhere or not at all.
#pragma once

#include "ecosystems/runtime.hpp"

namespace dockhew::inline ecosystems {

// Also where scripts that the container starts, and volumes and variables that Compose gives it, say so.
Obstacle ties_to_base(const Dockerfile& file, const Stage& stage, const RuntimeImage& image);

}  // namespace dockhew::inline ecosystems
