// A Compose file may make a container of the image run something else than its ENTRYPOINT and CMD say. The runtime
// stage has to hold that too.
#pragma once

#include <vector>

#include "ecosystems/runtime.hpp"

namespace dockhew::inline stages {

// What is started that may not be in the runtime stage, which holds `artifacts` of the builder. `source`: it holds the
// source as well.
Obstacle other_start_obstacle(const Dockerfile& file, const Stage& stage, const Runtime& runtime,
                              const std::vector<Artifact>& artifacts, bool source);

}  // namespace dockhew::inline stages
