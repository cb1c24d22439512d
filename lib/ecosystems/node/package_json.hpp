// What in a package.json ties an installation to the source: scripts that it runs, patches, dependencies by path. Some
// harmless manifests are rejected, but no harmful one is accepted.
#pragma once

#include <string>

#include "ecosystems/node/lifecycle_scripts.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

// `files`: what the scripts find that package managers run.
Obstacle package_json_obstacle(const std::string& text, const ScriptFiles& files = {});

}  // namespace dockhew::inline ecosystems
