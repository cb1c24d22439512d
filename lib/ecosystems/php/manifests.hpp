// What Composer installs, which files it reads for that, and how it installs the packages without the project.
#pragma once

#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline ecosystems {

Installation php_installation(const ToolUse& use);
Outcome<Manifests> php_manifests(const Site& site, const ToolUse& use, const Project& project);

// Of an installation that runs the project's scripts or makes its autoloader.
std::optional<DependencyLayer> php_dependency_layer(const Site& site, const ToolUse& use);
Outcome<DependencyStep> php_dependency_step(const Site& site, const ToolUse& use, const Project& project);

}  // namespace dockhew::inline ecosystems
