#include "ecosystems/python/pyproject.hpp"

namespace dockhew::inline ecosystems {

Obstacle pyproject_obstacle(std::string_view text) {
  constexpr std::string_view words[] = {"path =", "path=", "file =", "file:", "editable", "workspace", "develop ="};
  return names_source("pyproject.toml", text, words);
}

}  // namespace dockhew::inline ecosystems
