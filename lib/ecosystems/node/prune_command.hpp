// The `npm prune` that takes away what only the build needs. npm resolves all dependencies again for it, so it must be
// told what the installation was told: with `--legacy-peer-deps` forgotten it fails.
#pragma once

#include <string>

#include "model/dockerfile.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

// For what a stage has installed with npm. Declined where an installation is told something that is not known to mean
// the same to `npm prune`, or where the packages are no longer where they were installed; the reason follows "because".
Outcome<std::string> find_prune_command(const Stage& stage);

}  // namespace dockhew::inline ecosystems
