// How a project that was built in place gets into another stage without what its build needed: its source once more
// from the build context, and of the stage that builds only what the build made. So nothing has to be removed behind
// the build, which in a layered file system takes about as long as it took to unpack.
#pragma once

#include "ecosystems/pruning.hpp"

namespace dockhew {

// See `Pruning::copies_of_project`; the scripts are those of package.json.
std::optional<std::vector<std::string>> copies_of_built_project(const Dockerfile& file, const BuiltProject& project,
                                                                const Step& whole);

}  // namespace dockhew
