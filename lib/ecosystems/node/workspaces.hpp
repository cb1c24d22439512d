// The packages of a workspace that package.json declares. Their manifests say what is installed as much as the root's
// does, and where nothing else of them takes part they can be copied ahead like it.
#pragma once

#include <string>
#include <vector>

#include "model/build_context.hpp"
#include "model/outcome.hpp"

namespace dockhew {

// The manifests of the packages, in the context and without the root's; declined where they are not enough. `text` is
// the package.json of `directory`; without workspaces there are none.
Outcome<std::vector<std::string>> read_node_workspaces(const BuildContext& context, const std::string& directory,
                                                       const std::string& text);

}  // namespace dockhew
