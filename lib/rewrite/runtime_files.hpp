// What of a build context a compiled program may read while it runs: everything that is neither source, nor
// configuration of the build, nor documentation.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew {

// Names below `directory` of the context, sorted; a directory is named when something in it is data.
std::vector<std::string> find_runtime_files(const BuildContext& context, const std::string& directory);

}  // namespace dockhew
