// What the pipelines of other services than GitHub build, and what they run in which image: GitLab, Bitbucket,
// CircleCI, Drone and Woodpecker, Azure, Travis, AWS CodeBuild, Google Cloud Build. All have lists of commands; most
// name an image for them, for all or for a job.
#pragma once

#include <string>

#include "project/build_files.hpp"

namespace dockhew::cli {

bool is_pipeline_file(const std::string& path);
// Whether it has steps of Google's Cloud Build that build images, however the file is called.
bool builds_in_cloud(const std::string& text);
Builds read_pipeline_file(const std::string& path, const std::string& text);

}  // namespace dockhew::cli
