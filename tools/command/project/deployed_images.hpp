// What deployments and development tools run in images that are named there, in formats of their own: task definitions
// of ECS, Kamal, Nomad, Skaffold, Tilt, Copilot. A tool that changes files inside of a running container needs what is
// in it.
#pragma once

#include <string>

#include "project/build_files.hpp"

namespace dockhew::cli {

bool is_deployed_images_file(const std::string& path);
Builds read_deployed_images(const std::string& path, const std::string& text);

}  // namespace dockhew::cli
