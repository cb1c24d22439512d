#include "effects/context_origins.hpp"

#include "model/added_source.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"

namespace dockhew::inline effects {

bool has_wildcard(std::string_view path) { return path.find_first_of("*?[") != path.npos; }

bool is_remote(const CopySource& source) {
  return source.text.find("://") != std::string::npos || source.text.starts_with("git@");
}

std::string in_context(const std::string& source) {
  const auto rooted = clean_path("/" + source);
  return rooted == "/" ? "." : rooted.substr(1);
}

void add_origins(const Copy& copy, const std::string& path, ContextOrigins& origins) {
  if (!copy.destination.is_known()) return void(origins.given = true);
  const auto& destination = copy.destination.text;
  if (!path_is_under(path, destination)) return;
  if (!copy.from_context()) return void(origins.given = true);
  for (const auto& source : copy.sources) {
    if (!source.known || source.heredoc || is_remote(source) || is_tar(source.text)) return void(origins.given = true);
    const auto from = in_context(source.text);
    const bool same_name = path == destination || path_parent(path) == destination;
    if (has_wildcard(from)) {
      if (same_name && glob_match(path_basename(from), path_basename(path)))
        origins.paths.push_back(join_context_path(path_parent(from), path_basename(path)));
    } else {
      // A file that is named is needed anyway.
      if (from != "." && same_name && (path == destination || glob_match(path_basename(path), path_basename(from))))
        origins.given = true;
      origins.paths.push_back(join_context_path(from, relative_path(destination, path)));
    }
  }
}

}  // namespace dockhew::inline effects
