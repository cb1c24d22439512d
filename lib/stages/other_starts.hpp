// A Compose file may make a container of the image run something else than its ENTRYPOINT and CMD say. The runtime
// stage has to hold that too.
#pragma once

#include <vector>

#include "ecosystems/runtime.hpp"

namespace dockhew::inline stages {

// Whether a program is one that `artifacts` bring, or that every image has or gets as a package.
bool is_in_runtime(const Facts& facts, const std::string& name, const std::vector<Artifact>& artifacts);

// Whether a container of the image only waits for people who run something in it: a shell, a prompt, `sleep infinity`.
bool is_for_people(const Dockerfile& file, const Stage& stage);

// Whether every build that is known lays the source, or parts of it, over the working directory of the container, as
// those do in which people change it.
bool runs_mounted_source(const Dockerfile& file, const Stage& stage);

// What is started that may not be in the runtime stage, which holds `artifacts` of the builder. `source`: it holds the
// source as well.
Obstacle other_start_obstacle(const Dockerfile& file, const Stage& stage, const Runtime& runtime,
                              const std::vector<Artifact>& artifacts, bool source);

}  // namespace dockhew::inline stages
