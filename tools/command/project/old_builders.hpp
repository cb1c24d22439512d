// Images with an old builder that pipelines run their commands in: of Docker before it used BuildKit by itself, of
// Podman and Buildah before they had cache mounts.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "project/build_files.hpp"

namespace dockhew::cli {

struct OldBuilder {
  std::string reason;      // as a clause about the place that names it
  bool of_podman = false;  // it is Podman's or Buildah's, else Docker's
};

// Docker's of this release, `19.03.12`, or `docker20` as CircleCI calls it.
bool is_old_docker_version(std::string_view version);

// Whether an image is of a Docker whose BuildKit has no mounts, whatever program asks it to build.
bool is_old_docker_daemon(const std::string& image);

std::optional<OldBuilder> old_builder_in(const std::string& image);

// Where a text installs a docker-compose without BuildKit, which then builds what Compose files say.
void add_old_compose(const std::string& path, std::string_view text, Builds& result);

// What is built with it: those from `first` on, and from `first_unplaced` on.
void refuse_mounts_of(const OldBuilder& builder, Builds& result, std::size_t first, std::size_t first_unplaced);

}  // namespace dockhew::cli
