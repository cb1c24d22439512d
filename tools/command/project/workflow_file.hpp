// Workflows of GitHub Actions: what docker/build-push-action builds, and what their scripts build with `docker build`.
#pragma once

#include "project/build_files.hpp"

namespace dockhew::cli {

bool is_workflow(const std::string& path);
// Whether it lies below the root of its repository: GitHub runs those of the root alone.
bool is_nested_workflow(const std::string& path);
class CalledWorkflows;
// `known`: what may have been parsed for another file.
Builds read_workflow(const std::string& path, CalledWorkflows* known = nullptr);

}  // namespace dockhew::cli
