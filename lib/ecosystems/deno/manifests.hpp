// What `deno install` reads: deno.json or package.json, and the lock file. It also brings the dependencies of a project
// whose own commands (`deno cache`, `deno compile`) download them only when they meet the imports in the source.
#pragma once

#include <optional>

#include "ecosystems/dependency_step.hpp"
#include "ecosystems/installation.hpp"
#include "ecosystems/manifests.hpp"

namespace dockhew::inline ecosystems {

Installation deno_installation(const ToolUse& use);
Outcome<Manifests> deno_manifests(const Site& site, const ToolUse& use, const Project& project);
std::optional<DependencyLayer> deno_dependency_layer(const Site& site, const ToolUse& use);
Outcome<DependencyStep> deno_dependency_step(const Site& site, const ToolUse& use, const Project& project);

}  // namespace dockhew::inline ecosystems
