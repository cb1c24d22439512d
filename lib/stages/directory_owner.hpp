// Who owns a directory that a stage makes, other than the user whom it would belong to if WORKDIR made it: COPY gives
// what it brings from another stage its owners, but not the directory itself.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew {

struct DirectoryOwner {
  std::string owner;     // as chown takes it; empty when nobody has given it away
  std::string declined;  // why it is not known
};

// `copied`: for each step of the stage, whether its results come to the other stage by COPY alone.
DirectoryOwner find_directory_owner(const Stage& stage, const std::vector<bool>& copied, const std::string& directory);

}  // namespace dockhew
