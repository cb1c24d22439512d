// What Python's package managers install, which files they read for that, and how those that install the project too
// install what it depends on alone.
#pragma once

#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline ecosystems {

Installation python_installation(const ToolUse& use);
Outcome<Manifests> python_manifests(const Site& site, const ToolUse& use, const Project& project);

// Of uv, Poetry and PDM.
std::optional<DependencyLayer> python_dependency_layer(const Site& site, const ToolUse& use);
Outcome<DependencyStep> python_dependency_step(const Site& site, const ToolUse& use, const Project& project);

}  // namespace dockhew::inline ecosystems
