// Who owns a directory that a stage makes, other than the user whom it would belong to if WORKDIR made it: COPY gives
// what it brings from another stage its owners, but not the directory itself.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/dockerfile.hpp"
#include "model/outcome.hpp"

namespace dockhew {

// As chown takes it; nothing when nobody has given the directory away.
// `copied`: for each step of the stage, whether its results come to the other stage by COPY alone.
Outcome<std::optional<std::string>> find_directory_owner(const Stage& stage, const std::vector<bool>& copied,
                                                         const std::string& directory);

}  // namespace dockhew
