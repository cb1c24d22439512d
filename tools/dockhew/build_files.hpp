// Files that say what is built from which Dockerfile, with which context and cache: Compose files, and workflows of
// GitHub Actions that use docker/build-push-action.
#pragma once

#include <string>
#include <vector>

namespace dockhew::cli {

struct Build {
  std::string name;        // of the service, or of the workflow's step
  std::string dockerfile;  // path; empty when it is elsewhere: inline, in another repository
  std::string context;     // directory
  std::size_t line = 0;    // in the file
  bool cache_from = false, cache_to = false;
};

struct Builds {
  std::vector<Build> builds;
  std::string error;  // for a person
};

// Whether a path is read as such a file: YAML, by its name.
bool is_build_file(const std::string& path);
Builds read_build_file(const std::string& path);

// What to add so that a builder without local cache need not start from scratch; empty when both are there.
std::string cache_suggestion(const std::string& path, const Build& build);

}  // namespace dockhew::cli
