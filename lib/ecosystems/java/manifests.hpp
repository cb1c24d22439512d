// Which files Maven and Gradle read to fetch what a project depends on.
#pragma once

#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline ecosystems {

Installation java_installation(const ToolUse& use);
// Of those of Maven's settings that lie among the manifests.
Obstacle obstacle_in_maven_settings(const BuildContext& context, const std::vector<std::string>& paths);

Outcome<Manifests> java_manifests(const Site& site, const ToolUse& use, const Project& project);

}  // namespace dockhew::inline ecosystems
