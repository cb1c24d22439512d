// What playbooks and roles of Ansible build with its module docker_image: through an API of Docker that has no
// BuildKit, so that what they build gets no `RUN --mount`. The module docker_image_build calls buildx.
#pragma once

#include <string>

#include "project/build_files.hpp"

namespace dockhew::cli {

// Adds it to what else the file says.
void mark_builds_by_ansible(const std::string& path, const std::string& text, Builds& result);

}  // namespace dockhew::cli
