// Jenkinsfiles: what their `sh` steps build and run with `docker`, and which of them run inside of an image of the
// project.
#pragma once

#include <string>

#include "project/build_files.hpp"

namespace dockhew::cli {

bool is_jenkinsfile(const std::string& path);
Builds read_jenkinsfile(const std::string& path, const std::string& text);

}  // namespace dockhew::cli
