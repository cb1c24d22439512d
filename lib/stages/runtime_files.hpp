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
  // Places of the image that the file or Compose names, below directories that builds fill and the context does not
  // have.
  std::vector<std::string> made;
};

// All COPYs of the source come before the build. What a RUN of the builder removes or moves away is not there to copy.
Outcome<RuntimeFiles> find_runtime_files(const Conversion& conversion);

}  // namespace dockhew::inline stages
