// Package managers that do not run on the image's Node: npm refuses to install a version of itself that asks for a
// newer one, and pnpm to start on one.
#pragma once

#include "ecosystems/refusal.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// See Ecosystem::refusal.
Refusal node_refusal(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
