// What the files of a repository say about one of its Dockerfiles: each Compose file, bake file, workflow and
// devcontainer.json that names it, and what scripts and deployments run in its image. Only so many directories and
// files are looked at, links are not followed, and nothing is executed.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "project/build_files.hpp"
#include "project/deployment_files.hpp"
#include "project/mentions.hpp"

namespace dockhew::cli {

struct NamedBuild {
  std::string file;  // that says so
  Build build;
};

// Where a Dockerfile lies.
struct Surroundings {
  std::vector<std::string> directories;  // its own and those above it, nearest first, in which its context may be
  std::string repository;                // the last of them, if it is one
};
Surroundings surroundings_of(const std::string& path);

// Whether a file belongs to the project of a build file that names it: a stranger's can name any file of this machine.
// Without a repository, the project is where the command was started or the build file lies.
bool is_of_project(const std::string& path, const std::string& build_file);

// Which of many builds have the Dockerfile at a path, whatever links lead to it.
class DockerfilePlaces {
 public:
  void add(const std::string& dockerfile);  // of the next build
  std::vector<std::size_t> at(const std::string& path) const;

 private:
  std::size_t count_ = 0;
  std::map<std::string, std::string> canonical_;                            // of paths, each looked up once
  std::multimap<std::pair<std::string, std::string>, std::size_t> places_;  // by that, and by the name as written
};

class RepositoryBuilds {
 public:
  RepositoryBuilds();
  // The same, looked at once for each directory.
  Surroundings around(const std::string& path) const;
  // What one of these files says by itself.
  Builds read_file(const std::string& path) const;
  // Those whose Dockerfile is at `path`. Each repository is read once, whichever thread asks first.
  std::vector<NamedBuild> of(const std::string& path) const;
  // A build of another Dockerfile in the same directory, where nothing in the repository names the one at `path`: it is
  // left over, or somebody's own. One with the usual name is built without naming it, so that nothing may speak of its
  // directory either; then the other one may be anywhere. Nothing of one with that name at the root.
  std::optional<NamedBuild> named_beside(const std::string& path) const;
  // What else of the repository is built with a directory: paths in it of Dockerfiles, and the first file that has the
  // text of one itself, for whichever directory.
  struct OtherBuilds {
    std::set<std::string, std::less<>> dockerfiles;
    std::string inline_in;
  };
  OtherBuilds built_with(const std::string& path, const std::string& context) const;
  // Why one of the builds of the Dockerfile, wherever their contexts are, takes no mounts.
  std::optional<RefusedMounts> refusal_of_mounts(const std::string& path) const;
  // What commands say of the Dockerfile that may be run in several directories, or for people: with each a directory.
  std::vector<NamedBuild> hints(const std::string& path) const;
  // The programs that build the Dockerfile, wherever the contexts are, an empty one among them where that is not said.
  std::set<std::string> programs(const std::string& path) const;
  // The names that builds of the repository give to images, of whichever Dockerfile.
  std::set<std::string, std::less<>> images(const std::string& path) const;
  // The same of those that a workflow pushes.
  std::set<std::string, std::less<>> pushed_images(const std::string& path) const;
  // What is run in images with the names that `builds` give; an image is also called as its directory or its
  // repository.
  std::vector<ContainerStart> runs(const std::string& path, const std::vector<NamedBuild>& builds) const;

 private:
  struct Found {
    std::vector<NamedBuild> builds;
    std::vector<ImageRun> runs;
    std::vector<Build> named;
    std::vector<UnplacedBuild> unplaced;
    std::vector<ContainerStart> unknown;  // of files that are too large to be known
    std::set<std::string, std::less<>> images, pushed_images;
    DockerfilePlaces builds_at, named_at;  // of builds and of named
    std::size_t dockerfiles = 0;
    std::set<std::string> dockerfile_directories;
    std::string inline_in;           // the first file that has a Dockerfile's text
    std::vector<std::string> texts;  // that may name a Dockerfile
    // What is built on images of the project is asked only where something gives these a name, because all Dockerfiles
    // are read for it.
    std::vector<std::string> dockerfile_paths;
    mutable std::optional<std::vector<ImageRun>> children;
    bool builds_anywhere = false;  // something builds a Dockerfile of which it is not known which it is
    bool complete = false;         // all that say what is built were read
  };
  const Found& read(const std::string& directory) const;
  const std::vector<ImageRun>& children(const Found& found) const;
  // Those that are read for a Dockerfile.
  std::vector<std::string> searched(const std::string& path) const;

  std::shared_ptr<ComposeDirectories> compose_;
  std::shared_ptr<CalledWorkflows> workflows_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, Surroundings> around_;  // by the directory of the file, as written
  mutable std::map<std::string, Found> found_;          // by the directory that was searched
  mutable std::map<std::string, Mentions> mentions_;    // the same
};

}  // namespace dockhew::cli
