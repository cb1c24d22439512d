#include "ecosystems/system/runtime_packages.hpp"

#include <algorithm>
#include <set>

#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Releases of Ubuntu in the tables, and the numbers under which tags name releases.
constexpr std::pair<std::string_view, std::string_view> numbered[] = {
    {"20.04", "focal"}, {"22.04", "jammy"}, {"24.04", "noble"}};
constexpr std::string_view of_ubuntu[] = {"focal", "jammy", "noble"};

bool is_of_ubuntu(std::string_view release) { return std::ranges::find(of_ubuntu, release) != std::end(of_ubuntu); }

// The name that the tables have for a release: "jammy" of ubuntu:22.04.
std::string release_of(const ImageFacts& image) {
  if (image.distribution == "alpine") return "alpine";
  if (image.distribution == "ubuntu")
    for (const auto& [number, name] : numbered)
      if (image.release == number) return std::string(name);
  return image.release;
}

// The runtime libraries of a -dev package, or of a compiler. Without a release they must be the same in all current
// ones of Debian.
std::string_view libraries_of(const Facts& facts, const std::string& package, const std::string& release) {
  std::string_view libraries;
  for (const auto& [name, table] : facts.runtime_packages) {
    if (!release.empty() ? name != release : name == "bullseye" || name == "alpine" || is_of_ubuntu(name)) continue;
    const auto found = table.find(package);
    if (found == table.end() || (!libraries.empty() && libraries != found->second)) return {};
    libraries = found->second;
  }
  return libraries;
}

}  // namespace

bool is_build_package(const Facts& facts, std::string_view package) {
  if (package.ends_with("-dev")) return true;
  return std::ranges::find(facts.build_packages, package) != facts.build_packages.end();
}

bool is_known_release(const Facts& facts, const ImageFacts& image) {
  if (image.distribution != "debian" || image.release.empty() || image.release == "buster") return true;
  return facts.runtime_packages.contains(image.release) && !is_of_ubuntu(image.release);
}

bool is_of_or_after(std::string_view release, std::string_view since) {
  constexpr std::string_view releases[] = {"jessie", "stretch", "buster", "bullseye", "bookworm",
                                           "trixie", "forky",   "sid",    "testing",  "unstable"};
  const auto* earliest = std::ranges::find(releases, since);
  return std::find(earliest, std::end(releases), release) != std::end(releases);
}

bool has_package_archive(const Facts& facts, const ImageFacts& image) {
  if (image.distribution == "alpine") return true;  // its mirrors keep all releases
  if (!image.release.empty()) return facts.runtime_packages.contains(release_of(image));
  if (image.version.empty()) return true;
  const auto since = image.entry->served_since;
  return !since.empty() && version_at_least(image.version, since);
}

Release release_of_image(const ImageFacts& image) {
  const bool said = image.only_configured && image.resolved != nullptr;
  if (said) return {image.resolved->image.distribution, image.resolved->image.release};
  return {image.distribution, image.release};
}

// Newer Debian images have `useradd`, but `adduser` is a separate package.
std::string_view package_of_command(const ImageFacts& image, std::string_view command) {
  const bool is_adduser = command == "adduser" || command == "addgroup";
  const auto release = release_of(image);
  const bool has_it = image.distribution != "debian" || release == "bullseye" || release == "bookworm";
  return is_adduser && !has_it ? "adduser" : "";
}

bool needs_certificates(std::string_view package) {
  constexpr std::string_view programs[] = {"curl", "git", "mercurial", "python3", "subversion", "wget"};
  return std::ranges::find(programs, package) != std::end(programs) || package.starts_with("libcurl");
}

std::vector<std::string> packages_of_program(const ImageFacts& image, std::string_view packages) {
  std::vector<std::string> names;
  for (const auto package : split_words(packages))
    names.emplace_back(image.distribution == "alpine" && package == "libc6-dev" ? "musl-dev" : package);
  return names;
}

Outcome<std::vector<std::string>> runtime_packages(const Facts& facts, const std::vector<std::string>& installed,
                                                   const ImageFacts& image) {
  const auto release = image.distribution == "ubuntu" && image.release.empty() ? "latest" : release_of(image);
  std::set<std::string> names;
  for (const auto& written : installed) {
    const auto package = written.substr(0, written.find_first_of("=<>~@"));
    const bool only_for_building = std::ranges::find(facts.build_packages, package) != facts.build_packages.end();
    if (const auto libraries = libraries_of(facts, package, release); !libraries.empty())
      for (const auto library : split_words(libraries)) names.emplace(library);
    else if (!only_for_building && package.ends_with("-dev"))
      return Declined{"which package contains the runtime library of `" + package + "` is not known"};
    else if (!only_for_building) names.insert(written);
  }
  return std::vector<std::string>(names.begin(), names.end());
}

bool comes_with_compiler(std::string_view package) {
  constexpr std::string_view libraries[] = {"libatomic", "libgcc",      "libgfortran",
                                            "libgomp",   "libquadmath", "libstdc++"};
  return std::ranges::any_of(libraries, [&](std::string_view library) { return package.starts_with(library); });
}

bool has_one_name(std::string_view package) {
  constexpr std::string_view names[] = {"acl",
                                        "ant",
                                        "apt-transport-https",
                                        "autoconf",
                                        "automake",
                                        "bash",
                                        "bison",
                                        "build-essential",
                                        "bzip2",
                                        "ca-certificates",
                                        "cmake",
                                        "cron",
                                        "curl",
                                        "dnsutils",
                                        "dos2unix",
                                        "dumb-init",
                                        "expect",
                                        "ffmpeg",
                                        "file",
                                        "flex",
                                        "fontconfig",
                                        "fonts-dejavu",
                                        "fonts-dejavu-core",
                                        "g++",
                                        "gawk",
                                        "gcc",
                                        "gdb",
                                        "gettext-base",
                                        "ghostscript",
                                        "git",
                                        "git-lfs",
                                        "gnupg",
                                        "gosu",
                                        "graphviz",
                                        "htop",
                                        "imagemagick",
                                        "iproute2",
                                        "iputils-ping",
                                        "jq",
                                        "less",
                                        "libfontconfig1",
                                        "libfreetype6",
                                        "libtool",
                                        "locales",
                                        "lsb-release",
                                        "lsof",
                                        "make",
                                        "maven",
                                        "mercurial",
                                        "nano",
                                        "net-tools",
                                        "netcat-openbsd",
                                        "ninja-build",
                                        "openssh-client",
                                        "openssl",
                                        "p7zip-full",
                                        "pandoc",
                                        "patch",
                                        "pkg-config",
                                        "postgresql-client",
                                        "procps",
                                        "pv",
                                        "rsync",
                                        "screen",
                                        "software-properties-common",
                                        "sqlite3",
                                        "strace",
                                        "subversion",
                                        "sudo",
                                        "supervisor",
                                        "tesseract-ocr",
                                        "tini",
                                        "tmux",
                                        "tree",
                                        "tzdata",
                                        "unzip",
                                        "vim",
                                        "wget",
                                        "xvfb",
                                        "xz-utils",
                                        "zip",
                                        "zsh"};
  return std::ranges::find(names, package) != std::end(names);
}

}  // namespace dockhew::inline ecosystems
