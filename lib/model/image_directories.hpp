// Directories that every Linux image has, even the smallest, so that a file can be put into them without creating them.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace dockhew::inline model {

// `path` is absolute and cleaned.
inline bool is_in_every_image(std::string_view path) {
  constexpr std::array<std::string_view, 22> directories = {
      "/",        "/bin",       "/etc",           "/home",          "/lib",
      "/opt",     "/root",      "/sbin",          "/srv",           "/tmp",
      "/usr",     "/var",       "/usr/bin",       "/usr/local",     "/var/cache",
      "/usr/lib", "/usr/share", "/usr/local/bin", "/usr/local/lib", "/usr/local/share",
      "/var/lib", "/var/log"};
  return std::ranges::find(directories, path) != directories.end();
}

}  // namespace dockhew::inline model
