// Where npm puts packages, and Turborepo a part of a workspace.
#pragma once

#include <string>
#include <vector>

#include "effects/effects.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

Effects node_effects(const Site& site, const ToolUse& use);

// The manifests that `turbo prune --docker` sorts out of a workspace: `out/json` and a lock file beside it. What else
// it writes is source.
std::vector<std::string> pruned_manifests(const ToolUse& use);

}  // namespace dockhew::inline ecosystems
