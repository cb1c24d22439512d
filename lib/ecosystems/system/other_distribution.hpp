// What a stage does that holds on its own distribution alone, when its image is replaced by one that stands on another:
// package managers, names of packages, and files that say where packages come from.
#pragma once

#include "ecosystems/runtime.hpp"

namespace dockhew::inline ecosystems {

// `image`: would take the place of the stage's own, with all RUNs of the stage.
Obstacle tie_to_distribution(const Dockerfile& file, const Stage& stage, const RuntimeImage& image);

}  // namespace dockhew::inline ecosystems
