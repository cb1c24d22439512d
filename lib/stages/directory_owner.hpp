// Who owns a directory that a stage creates, if not the user who would own it if WORKDIR created it: COPY preserves the
// owners of what it copies from another stage, but not that of the directory itself.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/dockerfile.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline stages {

// As chown takes it; nothing when no command has changed the owner.
// `copied`: for each step of the stage, whether its results get into the other stage only by COPY.
Outcome<std::optional<std::string>> find_directory_owner(const Facts& facts, const Stage& stage,
                                                         const std::vector<bool>& copied, const std::string& directory);

}  // namespace dockhew::inline stages
