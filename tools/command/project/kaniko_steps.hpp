// What Kaniko builds where no shell calls it: steps of Cloud Build, plugins of Drone and Woodpecker, actions of GitHub,
// artifacts of Skaffold, containers of Tekton's tasks, Argo's workflows and pods. It has no mounts.
#pragma once

#include <string>

#include "project/build_files.hpp"

namespace dockhew::cli {

// Adds them to what else the file says. A pipeline that names Kaniko in another way builds something, of which it is
// not known where it is.
void mark_builds_by_kaniko(const std::string& path, const std::string& text, Builds& result);

}  // namespace dockhew::cli
