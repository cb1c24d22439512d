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

}  // namespace dockhew::cli
