// The packages of a workspace that package.json declares. Their manifests say what is installed as much as the root's
// does, and where nothing else of them takes part they can be copied ahead like it.
#pragma once

#include <string>
#include <vector>

#include "model/build_context.hpp"

namespace dockhew {

struct NodeWorkspaces {
  std::vector<std::string> manifests;  // of the packages, in the context; without the root's
  std::string declined;                // why they are not enough
};

// `text` is the package.json of `directory`; without workspaces nothing is found and nothing declined.
NodeWorkspaces read_node_workspaces(const BuildContext& context, const std::string& directory, const std::string& text);

}  // namespace dockhew
