// What directories of the project that a Compose file mounts mean for the image: where they hide its files, what people
// change there is not what the image has.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "project/build_files.hpp"

namespace dockhew::cli {

// `volumes`: the paths of the project, each with the directory of the container that gets it. What a container starts
// from elsewhere than the context is not in the image, so what that needs is not known.
void add_mounts(const std::vector<std::pair<std::string, std::string>>& volumes, Build& build);

}  // namespace dockhew::cli
