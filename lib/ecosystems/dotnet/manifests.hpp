// Which files a restore of NuGet's packages reads, and how it is done without the source.
#pragma once

#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline ecosystems {

Installation dotnet_installation(const ToolUse& use);
Outcome<Manifests> dotnet_manifests(const Site& site, const ToolUse& use, const Project& project);

// Of a build that restores too.
std::optional<DependencyLayer> dotnet_dependency_layer(const Site& site, const ToolUse& use);
// `dotnet restore`
Outcome<DependencyStep> dotnet_dependency_step(const Site& site, const ToolUse& use, const Project& project);

}  // namespace dockhew::inline ecosystems
