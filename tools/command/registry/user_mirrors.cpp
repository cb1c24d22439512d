#include "registry/user_mirrors.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "cache_directory.hpp"
#include "files.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t most_files = 100;

std::string text_of(const std::string& path) {
  return read_regular_file(path, largest_companion, Links::followed).text;
}

// The first of these that is there, as Docker and Podman have it.
std::string first_text(const std::vector<std::string>& paths) {
  std::error_code error;
  for (const auto& path : paths)
    if (!path.empty() && fs::exists(path, error)) return text_of(path);
  return {};
}

void add_directory(const std::string& directory, std::vector<MirroredPrefix>& prefixes) {
  auto entries = list_directory(directory, most_files);
  std::ranges::sort(entries, {}, &DirectoryEntry::name);
  for (const auto& entry : entries)
    if (entry.name.ends_with(".conf"))
      std::ranges::move(read_registries_conf(text_of(directory + '/' + entry.name)), std::back_inserter(prefixes));
}

}  // namespace

UserMirrors::UserMirrors() {
  const auto home = configuration_home();
  const auto of_user = [&](const char* name) { return home.empty() ? home : home + name; };
  docker_ = read_docker_mirrors(first_text({of_user("/docker/daemon.json"), "/etc/docker/daemon.json"}));
  podman_ =
      read_registries_conf(first_text({directory_variable("CONTAINERS_REGISTRIES_CONF"),
                                       of_user("/containers/registries.conf"), "/etc/containers/registries.conf"}));
  // What stands there counts more than the file itself, and what a user has more than what the machine has.
  add_directory("/etc/containers/registries.conf.d", podman_);
  if (!home.empty()) add_directory(home + "/containers/registries.conf.d", podman_);
}

std::vector<ImageReference> UserMirrors::of(const ImageReference& image) const {
  auto images = mirrored(image, docker_);
  std::ranges::move(mirrored(image, podman_), std::back_inserter(images));
  return images;
}

}  // namespace dockhew::cli
