// What conda installs, and which files it reads for that.
#pragma once

#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline ecosystems {

Installation conda_installation(const ToolUse& use);
Outcome<Manifests> conda_manifests(const Site& site, const ToolUse& use, const Project& project);

}  // namespace dockhew::inline ecosystems
