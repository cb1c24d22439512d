// Whether an installation by Yarn 1 or pnpm takes what their lock file says, or may choose other versions where
// package.json asks for something that the file has not. `--frozen-lockfile` has it stop there.
#pragma once

#include <optional>

#include "model/outcome.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// An installation of all that package.json declares, beside a lock file that is copied before it.
struct UnfrozenInstallation {
  bool has_all = false;  // the lock file names everything that package.json asks for, in the same words
  Obstacle obstacle;     // why the option would be another change than that
};

// Nothing where it is frozen, where nobody can say, and for other managers. Sources:
// https://classic.yarnpkg.com/lang/en/docs/cli/install/#toc-yarn-install-frozen-lockfile,
// https://pnpm.io/cli/install#--frozen-lockfile.
std::optional<UnfrozenInstallation> unfrozen_installation(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
