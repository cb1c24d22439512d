// Workflows of GitHub Actions: what docker/build-push-action builds, and what their scripts build with `docker build`.
#pragma once

#include "project/build_files.hpp"

namespace dockhew::cli {

bool is_workflow(const std::string& path);
Builds read_workflow(const std::string& path);

}  // namespace dockhew::cli
