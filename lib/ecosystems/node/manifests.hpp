// What Node's package managers install, and which files they read for that.
#pragma once

#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline ecosystems {

Installation node_installation(const ToolUse& use);
// What package.json says about the package manager itself.
Outcome<std::vector<Assumption>> node_local_settings(const ToolUse& use, const BuildContext& context,
                                                     const std::optional<std::string>& directory);
Outcome<Manifests> node_manifests(const Site& site, const ToolUse& use, const Project& project);

}  // namespace dockhew::inline ecosystems
