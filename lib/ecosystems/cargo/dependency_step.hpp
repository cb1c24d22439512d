// How Cargo compiles the dependencies of a crate without its source: by a build against dummy crate roots, which the
// real build then touches. Cargo compares modification times, and the real source may be older than the dummy that was
// just compiled.
#pragma once

#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline ecosystems {

Installation cargo_installation(const ToolUse& use);

// Files in the working directory that say which toolchain compiles, and how.
Outcome<std::vector<Assumption>> cargo_local_settings(const ToolUse& use, const BuildContext& context,
                                                      const std::optional<std::string>& directory);

std::optional<DependencyLayer> cargo_dependency_layer(const Site& site, const ToolUse& use);
Outcome<DependencyStep> cargo_dependency_step(const Site& site, const ToolUse& use, const Project& project);

}  // namespace dockhew::inline ecosystems
