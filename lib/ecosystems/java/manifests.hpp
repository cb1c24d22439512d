// Which files Maven and Gradle read to fetch what a project depends on.
#pragma once

#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline ecosystems {

Installation java_installation(const ToolUse& use);
Outcome<Manifests> java_manifests(const Site& site, const ToolUse& use, const Project& project);

}  // namespace dockhew::inline ecosystems
