// A layer for what a Maven project downloads, for builds that keep no cache mount.
#pragma once

#include <optional>

#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline ecosystems {

std::optional<DependencyLayer> java_dependency_layer(const Site& site, const ToolUse& use);
Outcome<DependencyStep> java_dependency_step(const Site& site, const ToolUse& use, const Project& project);

}  // namespace dockhew::inline ecosystems
