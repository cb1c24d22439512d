// Installations without development dependencies, and builds that need these: `npm ci --omit=dev` before `npm run
// build` ends with "vite: not found".
#pragma once

#include "ecosystems/refusal.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

// `npm ci --include=dev`: whether a package manager is told to bring them.
bool asks_for_development(const ToolUse& use);

// Whether a package manager leaves out the development dependencies, or removes them again.
bool omits_development(const Site& site, const ToolUse& use);

// See Ecosystem::missing_for_build.
Refusal node_missing_for_build(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
