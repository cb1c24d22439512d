// What a project runs in its images besides what they start themselves: `docker run` in a Makefile, a script or a
// package.json, jobs of pipelines that use an image, deployments, other Dockerfiles that are built on an image. Images
// are known by their names there. Each format has a reader of its own; here is which file is read as what.
#pragma once

#include <string>

#include "project/build_files.hpp"

namespace dockhew::cli {

// Whether a file is read for this, by its name.
bool is_run_file(const std::string& path);

// Nothing where the file cannot be read as what its name says. `known`: Compose files that may have been read. A build
// is told only by a file that says where it runs.
Builds read_run_file(const std::string& path, ComposeDirectories& known);

}  // namespace dockhew::cli
