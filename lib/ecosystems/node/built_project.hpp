// How a project that was built in place gets into another stage without what its build needed: its source once more
// from the build context, and of the stage that builds only what the build made. So nothing has to be removed behind
// the build, which in a layered file system takes about as long as it took to unpack.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew {

struct BuiltProject {
  const Stage* stage;                // that builds it
  std::size_t end;                   // step behind the build
  std::string directory;             // in the image
  std::string root;                  // in the context
  std::vector<std::string> scripts;  // of package.json, which are all that runs behind the installation
};

// The instructions that bring it, all but `node_modules`, to where `whole` copies its directory, a line each. Nothing
// when what the build writes is not known, or when something else may lie in the directory.
std::optional<std::vector<std::string>> copies_of_built_project(const Dockerfile& file, const BuiltProject& project,
                                                                const Step& whole);

}  // namespace dockhew
