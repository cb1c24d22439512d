// devcontainer.json: the Dockerfile of a development environment, with its context.
#pragma once

#include "project/build_files.hpp"

namespace dockhew::cli {

bool is_devcontainer_file(const std::string& path);
Builds read_devcontainer_file(const std::string& path);

}  // namespace dockhew::cli
