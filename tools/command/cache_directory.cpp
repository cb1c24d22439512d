#include "cache_directory.hpp"

#include <cstdlib>

namespace dockhew::cli {

std::string directory_variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value == '/' ? value : "";
}

std::string cache_directory(const std::string& kind) {
  if (const auto cache = directory_variable("XDG_CACHE_HOME"); !cache.empty()) return cache + "/dockhew/" + kind;
  if (const auto home = directory_variable("HOME"); !home.empty()) return home + "/.cache/dockhew/" + kind;
  return {};
}

std::string configuration_home() {
  if (auto home = directory_variable("XDG_CONFIG_HOME"); !home.empty()) return home;
  const auto home = directory_variable("HOME");
  return home.empty() ? "" : home + "/.config";
}

}  // namespace dockhew::cli
