// What a project runs in its images besides what they start themselves: `docker run` in a Makefile, a script or a
// package.json, jobs of GitLab that use an image, containers of Kubernetes, other Dockerfiles that are built on an image.
// Images are known by their names there.
#pragma once

#include <string>

#include "build_files.hpp"

namespace dockhew::cli {

// Whether a file is read for this, by its name.
bool is_run_file(const std::string& path);

// Nothing where the file cannot be read as what its name says. A build is told only by a file that says where it runs.
Builds read_run_file(const std::string& path);

}  // namespace dockhew::cli
