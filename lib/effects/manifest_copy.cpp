#include "effects/manifest_copy.hpp"

#include <algorithm>

#include "text/path.hpp"

namespace dockhew::inline effects {

bool is_manifest(const Facts& facts, std::string_view path) {
  const auto name = path_basename(path);
  constexpr std::string_view requirements = "requirements*.txt";
  if (glob_match(requirements, name) || name == "pyproject.toml" || name == "setup.cfg") return true;
  return std::ranges::any_of(facts.tools, [&](const Tool& tool) {
    return std::ranges::any_of(tool.manifests, [&](std::string_view manifest) {
      // `.cargo/config.toml` and the like
      const bool below = manifest.find('/') != manifest.npos && path.ends_with(manifest) &&
                         path.substr(0, path.size() - manifest.size()).ends_with('/');
      return below || glob_match(manifest, name) || glob_match(name, manifest);
    });
  });
}

bool copies_only_manifests(const Dockerfile& file, const Copy& copy) {
  return std::ranges::all_of(copy.sources, [&](const CopySource& source) {
    if (source.heredoc || !source.known) return source.heredoc;
    const auto path = clean_path("/" + source.text);
    return path != "/" && is_manifest(file.facts(), path);
  });
}

}  // namespace dockhew::inline effects
