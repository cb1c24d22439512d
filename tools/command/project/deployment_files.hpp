// What hosting services run in the image, besides its own start command: Fly's release command, the processes of a
// Procfile, Railway's commands. They stand in files beside the Dockerfile or at the root of its context, and do not say
// which Dockerfile they are for; those that do are in hosting_file.
#pragma once

#include <string>
#include <vector>

#include "model/build_context.hpp"

namespace dockhew::cli {

// Of the files in a directory; places as paths of files with their lines.
std::vector<ContainerStart> deployment_starts(const std::string& directory);

}  // namespace dockhew::cli
