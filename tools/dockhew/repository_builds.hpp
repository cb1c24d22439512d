// What the build files of a repository say about one of its Dockerfiles: each Compose file, bake file, workflow and
// devcontainer.json that names it. Only so many directories and files are looked at, links are not followed, and
// nothing is executed.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "build_files.hpp"

namespace dockhew::cli {

struct NamedBuild {
  std::string file;  // that says so
  Build build;
};

class RepositoryBuilds {
 public:
  // Those whose Dockerfile is at `path`. Each repository is read once, whichever thread asks first.
  std::vector<NamedBuild> of(const std::string& path) const;

 private:
  const std::vector<NamedBuild>& read(const std::string& directory) const;

  mutable std::mutex mutex_;
  mutable std::map<std::string, std::vector<NamedBuild>> found_;  // by the directory that was searched
};

// The directories in which the context of a Dockerfile may be: its own and those above it, nearest first, up to the
// root of its repository.
std::vector<std::string> directories_upwards(const std::string& path);

// The nearest of them that is a repository; empty when none is near.
std::string repository_of(const std::string& path);

}  // namespace dockhew::cli
