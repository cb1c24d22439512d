// What a few files of an image say, where they were asked for (`--resolve=files`): its release, its users, how APT is
// set up, and what is installed. Read from the layers as they stand on top of each other; nothing of it was executed.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace dockhew::inline facts {

inline constexpr std::string_view asked_libraries[] = {"libmariadb.so", "libmysqlclient.so", "libpq.so", "libssl.so"};

struct ImageFiles {
  std::string distribution,
      release;  // of etc/os-release: "debian" and "bookworm", "ubuntu" and "22.04", "redhat" and "9"
  // Of etc/passwd, where the home is there and belongs to the user: by the user's name, and by the number.
  std::map<std::string, std::string> homes;
  std::map<std::string, std::string> users;     // the same, by name: "1000", or "1000:100" with another group
  bool has_apt = false;                         // there is a directory etc/apt
  bool empties_apt_cache = false;               // a file of etc/apt/apt.conf.d does, as `docker-clean`
  bool has_packages = false;                    // there is a list of dpkg or apk
  std::set<std::string, std::less<>> packages;  // in it, installed
  std::set<std::string, std::less<>> programs;  // names of files in the directories for programs
  // Names of shared libraries wherever they are, of those alone that anybody asks about.
  std::set<std::string, std::less<>> libraries;

  friend bool operator==(const ImageFiles&, const ImageFiles&) = default;
};

}  // namespace dockhew::inline facts
