// What a COPY names that the build context does not have, so that the build fails there. Only what people write is
// looked at: what a tool makes, what Git leaves alone, and what a script or a workflow of the repository names may be
// made before the build.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::inline flow {

struct MissingSource {
  const CopySource* source = nullptr;
  std::string path;  // that is looked for, in the context
  std::string hint;  // for a person: where it is instead; empty where nothing is known
};

// Of the stages that are built; in order. None unless the context is known; where it is a guess, only what is nowhere in
// the repository.
std::vector<MissingSource> find_missing_sources(const Dockerfile& file);

// Whether a path of the context, which a build needs, is in none of the contexts that are known, and certainly nobody
// makes it before the build.
bool is_certainly_missing(const Dockerfile& file, const std::string& path);

// A source as it is looked for: "x" for "../x", because sources are rooted at the context. Empty for one that is not
// taken from there as it stands: a heredoc, an address, a wildcard, a variable.
std::string looked_for(const Dockerfile& file, const CopySource& source);

}  // namespace dockhew::inline flow
