#include "model/context_path.hpp"

#include "text/path.hpp"

namespace dockhew::inline model {

std::vector<std::string> directories_above(std::string directory, const std::string& root) {
  std::vector<std::string> found;
  while (directory != root && directory != ".") {
    directory = path_parent(directory);
    found.push_back(directory);
  }
  return found;
}

std::string join_context_path(std::string_view directory, std::string_view name) {
  return clean_path(std::string(directory) + '/' + std::string(name));
}

}  // namespace dockhew::inline model
