#include "ecosystems/system/archived_releases.hpp"

#include <algorithm>

#include "ecosystems/system/runtime_packages.hpp"

namespace dockhew::inline ecosystems {
namespace {

// `apt-get update` was run for the last two on 2026-11-28: 404.
constexpr std::string_view debian[] = {"squeeze", "wheezy", "jessie", "stretch", "buster"};

// Between two releases with long support, https://wiki.ubuntu.com/Releases; what they had is on
// old-releases.ubuntu.com.
constexpr std::string_view ubuntu[] = {"12.10", "quantal", "13.04", "raring",  "13.10", "saucy",   "14.10", "utopic",
                                       "15.04", "vivid",   "15.10", "wily",    "16.10", "yakkety", "17.04", "zesty",
                                       "17.10", "artful",  "18.10", "cosmic",  "19.04", "disco",   "19.10", "eoan",
                                       "20.10", "groovy",  "21.04", "hirsute", "21.10", "impish",  "22.10", "kinetic",
                                       "23.04", "lunar",   "23.10", "mantic",  "24.10", "oracular"};

// The image `centos` ends with release 8, whose packages moved in January 2022; those of 7 did on 2024-06-30, when
// mirrorlist.centos.org was switched off. Source: CentOS/sig-cloud-instance-images issue 190, tonistiigi/xx pull
// request 167.
bool is_centos(const ImageFacts& image) {
  return image.entry != nullptr && std::ranges::find(image.entry->names, "centos") != image.entry->names.end();
}

// Whether a place is named by something else than what adds a source.
bool names_place(std::string_view text, std::string_view place, std::span<const std::string_view> additions) {
  for (auto at = text.find(place); at != text.npos; at = text.find(place, at + 1)) {
    auto rest = text.substr(at + place.size());
    if (rest.starts_with('/')) rest.remove_prefix(1);
    if (std::ranges::none_of(additions, [&](std::string_view addition) { return rest.starts_with(addition); }))
      return true;
  }
  return false;
}

}  // namespace

std::optional<ArchivedRelease> archived_release(const ImageFacts& image) {
  if (is_centos(image)) return ArchivedRelease{"CentOS", "vault.centos.org", "AlmaLinux, Rocky Linux or CentOS Stream"};
  const auto [distribution, release] = release_of_image(image);
  const auto is_in = [&, name = std::string_view(release)](const auto& releases) {
    return std::ranges::find(releases, name) != std::end(releases);
  };
  if (distribution == "ubuntu" && is_in(ubuntu))
    return ArchivedRelease{"Ubuntu " + std::string(release), "old-releases.ubuntu.com", "a newer base image"};
  if (distribution == "debian" && is_in(debian))
    return ArchivedRelease{"Debian " + std::string(release), "archive.debian.org", "a newer base image"};
  return std::nullopt;
}

bool names_package_sources(std::string_view text) {
  constexpr std::string_view hosts[] = {"archive.debian.org",
                                        "snapshot.debian.org",
                                        "old-releases.ubuntu.com",
                                        "vault.centos.org",
                                        "centos-vault",
                                        "archive.kernel.org",
                                        "Dir::Etc"};
  constexpr std::string_view of_yum[] = {"/etc/yum.repos.d", "/etc/yum.conf", "/etc/dnf/",    "yum-config-manager",
                                         "config-manager",   "--disablerepo", "--enablerepo", "--repofrompath",
                                         "--repo",           "--installroot"};
  constexpr std::string_view additions[] = {"apt.conf.d/", "auth.conf.d/",    "keyrings",
                                            "preferences", "sources.list.d/", "trusted.gpg"};
  const auto is_named = [&](std::string_view word) { return text.find(word) != text.npos; };
  return std::ranges::any_of(hosts, is_named) || std::ranges::any_of(of_yum, is_named) ||
         names_place(text, "/etc/apt", additions);
}

}  // namespace dockhew::inline ecosystems
