// Installations that pnpm ends because of scripts that nobody has approved: from 11 on it stops where a package wants
// to run one and the project does not say whether it may. Before, it only said so.
#pragma once

#include "ecosystems/refusal.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// For `pnpm install` with a pnpm that the stage itself installs, as the newest or by a version from 11 on. Without a
// reason where the lock file names no package that is known to have a script. Tried with pnpm 10, 11 and 12: ERR_PNPM_
// IGNORED_BUILDS with status 1; only `allowBuilds` in pnpm-workspace.yaml helps. https://pnpm.io/settings#allowbuilds
Refusal refusal_of_ignored_builds(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
