// Bake files of Docker Buildx: the targets that they declare, in HCL or in JSON.
#pragma once

#include "project/build_files.hpp"

namespace dockhew::cli {

bool is_bake_file(const std::string& path);
Builds read_bake_file(const std::string& path);

}  // namespace dockhew::cli
