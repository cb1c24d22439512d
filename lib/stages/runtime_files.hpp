// The part of the copied source that a compiled program may read at run time: everything that is neither source code,
// nor build configuration, nor documentation.
#pragma once

#include <string>
#include <vector>

#include "ecosystems/runtime.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::inline stages {

struct RuntimeFiles {
  std::vector<Artifact> artifacts;  // in the stage that builds
  std::string checklist;            // for a person; empty when no source was copied
};

// `build`: the step that makes the program. All COPYs of the source come before it.
Outcome<RuntimeFiles> find_runtime_files(const Dockerfile& file, const Stage& stage, const Step& build);

}  // namespace dockhew::inline stages
