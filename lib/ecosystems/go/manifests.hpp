// Which files of a module its dependencies are declared in, and how they are downloaded without the source.
#pragma once

#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline ecosystems {

Installation go_installation(const ToolUse& use);
Outcome<Manifests> go_manifests(const Site& site, const ToolUse& use, const Project& project);

// Of a build whose modules are not vendored.
std::optional<DependencyLayer> go_dependency_layer(const Site& site, const ToolUse& use);
// `go mod download`
Outcome<DependencyStep> go_dependency_step(const Site& site, const ToolUse& use, const Project& project);

}  // namespace dockhew::inline ecosystems
