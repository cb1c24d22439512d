// The command that takes the development dependencies out again after a build: `npm prune`, or that of Yarn 1 or pnpm.
// It reads the same settings as the installation and may settle versions anew, so what the installation was told must
// be told again.
#pragma once

#include <string>
#include <string_view>

#include "ecosystems/runtime.hpp"

namespace dockhew::inline ecosystems {

struct PruneCommand {
  std::string text;    // "npm prune --omit=dev --no-save --legacy-peer-deps"
  std::string title;   // without what only some installations need: "npm prune --omit=dev"
  std::string option;  // with which an installation brings none in the first place: "--omit=dev"
};

// For the packages that a tool ("npm") has installed in a directory of the stage. Declined where an option of an
// installation is not known, or where the packages are elsewhere by the end.
Outcome<PruneCommand> find_prune_command(const Dockerfile& file, const Stage& stage, std::string_view tool,
                                         const std::string& project);

}  // namespace dockhew::inline ecosystems
