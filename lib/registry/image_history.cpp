#include "registry/image_history.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace dockhew::inline registry {
namespace {

constexpr std::size_t most_steps = 1000;
constexpr std::size_t longest_name = 32;

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= longest_name &&
         std::ranges::all_of(text, [](char c) { return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '.'; });
}

// `# debian.sh --arch 'amd64' out/ 'bookworm' '@1765152000'`, the first step of Debian's official images since 2024.
// https://github.com/docker-library/repo-info, github.com/debuerreotype/debuerreotype (examples/oci-image.sh)
std::string_view debian_of(std::string_view step) {
  constexpr std::string_view begin = "# debian.sh ", before_name = " out/ '";
  const auto at = step.find(before_name);
  if (!step.starts_with(begin) || at == step.npos) return {};
  const auto rest = step.substr(at + before_name.size());
  const auto name = rest.substr(0, rest.find('\''));
  return is_name(name) ? name : std::string_view();
}

// Labels that the first steps of Ubuntu's official images set, before there is a file. Those that later steps set are
// of what was made of it. https://github.com/docker-library/repo-info (repos/eclipse-temurin/remote)
std::string_view label_of(std::string_view step, std::string_view label) {
  const auto at = step.find("LABEL " + std::string(label) + '=');
  if (at == step.npos) return {};
  const auto value = step.substr(at + label.size() + std::string_view("LABEL =").size());
  return value.substr(0, value.find(' '));
}

// A step that may make another release of it, or change where its packages come from.
bool may_change_release(std::string_view step) {
  constexpr std::array<std::string_view, 8> signs = {
      "sources.list",        "/etc/apt",     "archive.debian.org", "old-releases",
      "snapshot.debian.org", "dist-upgrade", "full-upgrade",       "do-release-upgrade"};
  if (std::ranges::any_of(signs, [&](std::string_view sign) { return step.find(sign) != step.npos; })) return true;
  const bool copies = step.find("COPY ") != step.npos || step.find("ADD ") != step.npos;
  // Files over the whole image: `COPY rootfs / # buildkit`, `ADD file:… in / `.
  return copies && (step.find(" / ") != step.npos || step.ends_with(" /"));
}

}  // namespace

void read_release(const Json& configuration, BaseImage& image) {
  const auto& steps = configuration.elements_at("history");
  if (steps.empty() || steps.size() > most_steps) return;
  std::string distribution, release;
  bool has_files = false, named_ubuntu = false;
  for (const auto& entry : steps) {
    const auto step = entry.string_at("created_by");
    const auto* empty = entry.find("empty_layer");
    const bool makes_layer = empty == nullptr || empty->boolean() == nullptr || !*empty->boolean();
    if (has_files) {
      if (may_change_release(step)) return;
    } else if (const auto name = debian_of(step); !name.empty() && makes_layer) {
      distribution = "debian";
      release = name;
    } else if (label_of(step, "org.opencontainers.image.ref.name") == "ubuntu") {
      named_ubuntu = true;
    } else if (const auto version = label_of(step, "org.opencontainers.image.version");
               named_ubuntu && is_name(version)) {
      distribution = "ubuntu";
      release = version;
    }
    has_files |= makes_layer;
  }
  if (!has_files) return;
  image.distribution = distribution;
  image.release = release;
}

}  // namespace dockhew::inline registry
