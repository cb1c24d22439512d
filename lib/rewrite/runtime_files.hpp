// What of a build context a compiled program may read while it runs: everything that is neither source, nor
// configuration of the build, nor documentation.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew {

// Names below `directory` of the context, sorted; a directory is named when something in it is data.
std::vector<std::string> find_runtime_files(const BuildContext& context, const std::string& directory);

// Whether the container starts node itself, directly or by the `start` script, so that no development tool runs in it.
bool runs_plain_node(const Dockerfile& file, const Stage& stage);

}  // namespace dockhew
