#include "effects/manifest_copy.hpp"

#include <algorithm>

#include "text/path.hpp"

namespace dockhew::inline effects {
namespace {

bool is_pattern(std::string_view name) { return name.find_first_of("*?[") != name.npos; }

}  // namespace

bool matches_everything(std::string_view name) {
  const auto is_letter = [](char c) { return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z'); };
  return is_pattern(name) && std::ranges::count_if(name, is_letter) < 2;
}

bool is_manifest(const Facts& facts, std::string_view path) {
  const auto name = path_basename(path);
  constexpr std::string_view requirements = "requirements*.txt";
  if (matches_everything(name)) return false;
  if (glob_match(requirements, name) || name == "pyproject.toml" || name == "setup.cfg") return true;
  return std::ranges::any_of(facts.tools, [&](const Tool& tool) {
    return std::ranges::any_of(tool.project.manifests, [&](std::string_view manifest) {
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
    const bool is_one = path != "/" && is_manifest(file.facts(), path);
    if (!file.context().is_known() || !is_pattern(path)) return is_one;
    // `requirements*` matches a directory of that name too, and `*.txt` what the requirements include.
    const auto matched = file.context().expand(path.substr(1));
    if (matched.empty()) return is_one;
    return std::ranges::all_of(matched, [&](const std::string& each) {
      return file.context().kind(each) == PathKind::file && (is_one || is_manifest(file.facts(), "/" + each));
    });
  });
}

}  // namespace dockhew::inline effects
