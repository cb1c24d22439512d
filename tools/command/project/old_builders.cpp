#include "project/old_builders.hpp"

#include <algorithm>

#include "facts/facts.hpp"
#include "facts/image_reference.hpp"
#include "text/path.hpp"

namespace dockhew::cli {
namespace {

// Before release 23, `docker build` used BuildKit only where it was told to.
// https://docs.docker.com/engine/release-notes/23.0/
constexpr int first_docker = 23;

// Whether a tag names a release before this one: `v1.23.1`.
bool is_before(std::string_view tag, std::string_view version) {
  if (tag.starts_with('v')) tag.remove_prefix(1);
  return !version_numbers(tag).empty() && !version_at_least(tag, version);
}

// Whether a tag has stayed what it was: `stable` is 19.03.14 since 2020.
// https://github.com/docker-library/docker/issues/301
bool is_old_docker_tag(std::string_view tag) { return tag.starts_with("stable") || is_old_docker_version(tag); }

// All tags are of Compose 1, with the `docker` of its time. https://hub.docker.com/r/docker/compose/tags
bool has_old_compose(std::string_view tag) {
  return tag.empty() || tag == "latest" || tag.starts_with("1.") || tag.starts_with("alpine-1.") ||
         tag.starts_with("debian-1.");
}

}  // namespace

bool is_old_docker_version(std::string_view version) {
  constexpr std::string_view of_circleci = "docker";
  if (version.starts_with(of_circleci)) version.remove_prefix(of_circleci.size());
  const auto numbers = version_numbers(version);
  return !numbers.empty() && numbers[0] < first_docker;
}

bool is_old_docker_daemon(const std::string& image) {
  const auto reference = parse_image_reference(image);
  const bool named = path_basename(reference.name()) == "docker";
  return named && (reference.tag.starts_with("stable") || is_before(reference.tag, "20.10"));
}

// Podman 4.0 and Buildah 1.24 were the first with cache mounts: see builder_features.cpp. Their images are
// `quay.io/podman/stable`, `quay.io/containers/podman`; of Docker's there are copies in many registries.
std::optional<OldBuilder> old_builder_in(const std::string& image) {
  const auto reference = parse_image_reference(image);
  const auto name = std::string(reference.name());
  const auto last = path_basename(name);
  const auto is_of = [&](std::string_view program) {
    return last == program || path_basename(path_parent(name)) == program;
  };
  if (name == "docker/compose" && has_old_compose(reference.tag))
    return OldBuilder{"builds it in `" + image + "`, whose Compose has no BuildKit, which mounts need", false};
  if ((last == "docker" || last == "docker:dind") && is_old_docker_tag(reference.tag))
    return OldBuilder{"builds it in `" + image + "`, whose `docker build` has no BuildKit, which mounts need", false};
  if (is_of("podman") && is_before(reference.tag, "4.0"))
    return OldBuilder{"builds it in `" + image + "`, whose Podman knows no cache mounts", true};
  if (is_of("buildah") && is_before(reference.tag, "1.24"))
    return OldBuilder{"builds it in `" + image + "`, whose Buildah knows no cache mounts", true};
  return std::nullopt;
}

void refuse_mounts_of(const OldBuilder& builder, Builds& result, std::size_t first, std::size_t first_unplaced) {
  for (auto i = first; i < result.builds.size(); ++i) {
    auto& build = result.builds[i];
    const bool of_podman = build.program == "podman" || build.program == "buildah";
    if ((builder.of_podman ? of_podman : build.by_docker) && build.refuses_mounts.empty())
      build.refuses_mounts = builder.reason;
  }
  for (auto i = first_unplaced; i < result.unplaced.size() && !builder.of_podman; ++i)
    if (result.unplaced[i].refuses_mounts.empty()) result.unplaced[i].refuses_mounts = builder.reason;
}

// `curl -L https://github.com/docker/compose/releases/download/1.27.3/…`: before 1.28, Compose built by Docker's API
// unless it was told otherwise. https://docs.docker.com/compose/releases/release-notes/#1280
void add_old_compose(const std::string& path, std::string_view text, Builds& result) {
  constexpr std::string_view address = "docker/compose/releases/download/1.", pip = "docker-compose==1.",
                             variable = "COMPOSE_VERSION=1.", key = "COMPOSE_VERSION: 1.",
                             quoted = "COMPOSE_VERSION: \"1.";
  constexpr int first_new = 28;
  if (text.find("COMPOSE_DOCKER_CLI_BUILD=1") != text.npos) return;
  for (const auto name : {address, pip, variable, key, quoted}) {
    const auto at = text.find(name);
    if (at == text.npos) continue;
    const auto numbers = version_numbers(text.substr(at + name.size(), 2));
    if (numbers.empty() || numbers[0] >= first_new) continue;
    const auto line = 1 + std::ranges::count(text.substr(0, at), '\n');
    result.unplaced.push_back(
        {path + ':' + std::to_string(line), true, false,
         "installs a docker-compose before 1.28, which builds without BuildKit, and mounts need it"});
    return;
  }
}

}  // namespace dockhew::cli
