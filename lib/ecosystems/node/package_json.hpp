// What in a package.json ties an installation to the source: scripts that it runs, patches, dependencies by path. Some
// harmless manifests are rejected, but no harmful one is accepted.
#pragma once

#include <string>

#include "ecosystems/node/lifecycle_scripts.hpp"
#include "model/dockerfile.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

// `files`: what the scripts find that package managers run.
Obstacle package_json_obstacle(const std::string& text, const ScriptFiles& files = {});

// The directory of the context that a project comes from: the last that is copied to where it is and has a
// package.json.
std::string project_root(const Dockerfile& file, const Stage& stage, const std::string& project);

}  // namespace dockhew::inline ecosystems
