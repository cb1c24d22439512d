// CircleCI's jobs and steps can come from an orb, a package of them. This finds the images that the orbs published by
// CircleCI itself build: those that run `docker build`.
#pragma once

#include <string>
#include <string_view>

#include "project/build_files.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {

// `root`: of the configuration; `project`: the directory that is checked out. A file that sets DOCKER_BUILDKIT itself
// says which builder there is (`says_buildkit`).
void read_circleci_orbs(const YAML::Node& root, const std::string& project, bool says_buildkit, Builds& result);

}  // namespace dockhew::cli
