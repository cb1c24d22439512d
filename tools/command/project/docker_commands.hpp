// What the `docker` commands of a script build, and what they run in which image: `docker build -t app .`,
// `docker run app npm test`, `docker compose run web pytest`, `docker exec web psql`. Podman's, Buildah's and nerdctl's
// words are the same.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "project/build_files.hpp"

namespace dockhew::cli {

// Of a command that runs in an image, in bytes; a longer one is not known.
constexpr std::size_t longest_run = 4096;

struct DockerScript {
  std::string text;       // of a POSIX shell
  std::string directory;  // where it runs, relative to `root`
  std::string root;       // of the project
  std::string path;       // of the file that it stands in
  std::size_t line = 0;   // of its first line there
  bool anywhere = false;  // it may be started in any directory; `root` stands for one that it changes to
};

// Expressions of GitHub, `${{ matrix.image }}`, stand for what is only known when the workflow runs.
std::string without_expressions(std::string_view script);

// The name by which an image is compared: without tag and digest. Variables stand for themselves.
std::string image_name(std::string_view reference);

// Whether a text may have such commands: it names one of the programs.
bool may_build(std::string_view text);

// Adds them; the builds carry `name`.
void read_docker_commands(const DockerScript& script, const std::string& name, Builds& result);

constexpr std::string_view azure_refusal =
    "has Azure's registry build it, which does so without BuildKit, which mounts need";

// Where a text switches BuildKit off: `DOCKER_BUILDKIT=0`, `DOCKER_BUILDKIT: "0"`. Nothing where it does not.
std::optional<std::size_t> place_without_buildkit(std::string_view text);

// The same, and a docker-compose too old to use it, for what `docker build` and Compose build in that file.
void mark_builds_without_buildkit(const std::string& path, std::string_view text, Builds& result);

}  // namespace dockhew::cli
