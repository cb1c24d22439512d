#include "ecosystems/python/pyproject.hpp"

namespace dockhew::inline ecosystems {

Obstacle pyproject_obstacle(std::string_view text) {
  // Also directories of wheels for uv, and PDM's scripts that run when packages are installed.
  constexpr std::string_view words[] = {
      "path =",    "path=",      "file =",    "file:",   "editable",    "workspace",
      "develop =", "find-links", "url = \".", "url=\".", "pre_install", "post_install"};
  return names_source("pyproject.toml", text, words);
}

}  // namespace dockhew::inline ecosystems
