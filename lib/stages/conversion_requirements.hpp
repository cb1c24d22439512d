// What a file must be for the multi-stage conversion to be tried: one stage, on an image whose ecosystem has a runtime
// form, with no command whose effects are not known.
#pragma once

#include "ecosystems/runtime.hpp"
#include "stages/runtime_choice.hpp"

namespace dockhew::inline stages {

// What keeps the runtime image of a stage's base image from being named.
Obstacle image_obstacle(const Stage& stage);

// The runtime image of a stage as FROM takes it: with the build argument that the base image comes from,
// `node:${VERSION}-slim`, and with its digest where that is known. Declined where it cannot be written so, or where
// builds are known to pass another value.
Outcome<std::string> written_image(const Dockerfile& file, const Stage& stage, const RuntimeChoice& choice);

// Requires a file with at least one stage.
Obstacle conversion_obstacle(const Dockerfile& file);

// Where the stage is cut.
struct BuildPoint {
  std::size_t step = 0;        // the last that builds or installs with the ecosystem's tools
  bool builds_source = false;  // some step builds
};

Outcome<BuildPoint> find_build(const Dockerfile& file, const Stage& stage, const Runtime& runtime);

}  // namespace dockhew::inline stages
