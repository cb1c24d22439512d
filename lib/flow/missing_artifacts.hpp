// Files that a later step takes from a stage although nothing in the stage is known to create them, while a build in
// the same stage leaves its results in a cache mount: usually the copy out of the mount was forgotten. The evidence is
// weaker than in lost_artifacts.hpp, where the path itself is under the mount.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::inline flow {

struct MissingArtifact {
  std::string path;              // absolute, in the stage that should create it
  std::uint32_t stage = 0;       // that stage
  std::size_t builder = 0;       // index of the RUN in it whose results are under `mount`
  const Mount* mount = nullptr;  // of that RUN
  Span consumer_span;            // the word that names the file, in the source
  bool in_branch = false;        // it is created, but not in the branch of that RUN that builds
};

std::vector<MissingArtifact> find_missing_artifacts(const Dockerfile& file);

}  // namespace dockhew::inline flow
