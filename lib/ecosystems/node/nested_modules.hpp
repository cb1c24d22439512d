// What an installation makes beside the `node_modules` of the project: those of packages in other directories of it,
// and what npm compiles of the project itself.
#pragma once

#include <string>
#include <vector>

#include "ecosystems/runtime.hpp"

namespace dockhew::inline ecosystems {

// The directories of packages below the project, relative to it: `packages/b/node_modules`, where the packages of a
// workspace want different versions. Declined where it is not certain that they are all of them, or where the
// installation compiles the project.
Outcome<std::vector<std::string>> find_nested_modules(const Conversion& conversion, bool npm_only, bool development);

// Why npm compiles something of the project in this directory of the context, or of a package of its workspace: there
// is a `binding.gyp`.
Obstacle obstacle_of_compiled_project(const BuildContext& context, const std::string& root);

}  // namespace dockhew::inline ecosystems
