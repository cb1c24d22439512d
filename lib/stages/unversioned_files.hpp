// Settings that a program reads and that Git is told to leave alone: `.env`, `config.yaml` beside
// `config.example.yaml`. They are in the build context of whoever builds the image, and not in a clone of the project.
#pragma once

#include <string>
#include <vector>

#include "ecosystems/runtime.hpp"
#include "stages/mentioned_names.hpp"

namespace dockhew::inline stages {

// Paths below `directory` of the context that are not there, but for which the ignore files leave room. `mentioned`: by
// the source below it.
std::vector<std::string> find_unversioned_files(const Dockerfile& file, const Stage& stage,
                                                const std::string& directory, const MentionedNames& mentioned);

}  // namespace dockhew::inline stages
