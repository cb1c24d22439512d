// What of the copied source a compiled program may read while it runs: everything that is neither source, nor
// configuration of the build, nor documentation.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"
#include "stages/interpreted_program.hpp"

namespace dockhew {

struct RuntimeFiles {
  std::vector<Artifact> artifacts;  // in the stage that builds
  std::string checklist;            // for a person; empty when no source was copied
  std::string declined;             // why they are not known
};

// `build`: the step that makes the program. All COPYs of the source stand before it.
RuntimeFiles find_runtime_files(const Dockerfile& file, const Stage& stage, const Step& build);

}  // namespace dockhew
