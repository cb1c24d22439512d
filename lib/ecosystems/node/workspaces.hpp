// The packages of a workspace, which package.json or, with pnpm, pnpm-workspace.yaml declares. Their manifests
// determine what is installed just as the root's does, and if nothing else of them is involved, they can be copied
// first like the root's.
#pragma once

#include <string>
#include <vector>

#include "model/build_context.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

// The manifests of the packages and what their installation reads besides, in the context and without the root's;
// declined where they are not enough. `text` is the package.json of `directory`; without workspaces there are none.
Outcome<std::vector<std::string>> read_node_workspaces(const BuildContext& context, const std::string& directory,
                                                       const std::string& text);

// The same for pnpm, which reads pnpm-workspace.yaml instead (https://pnpm.io/pnpm-workspace_yaml).
Outcome<std::vector<std::string>> read_pnpm_workspace(const BuildContext& context, const std::string& directory);

}  // namespace dockhew::inline ecosystems
