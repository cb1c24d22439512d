// What Node's package managers install, and which files they read for that.
#pragma once

#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline ecosystems {

Installation node_installation(const ToolUse& use);
Outcome<Manifests> node_manifests(const Site& site, const ToolUse& use, const Project& project);

}  // namespace dockhew::inline ecosystems
