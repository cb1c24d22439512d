#include "effects/manifest_copy.hpp"

#include <algorithm>

#include "model/context_path.hpp"
#include "text/path.hpp"

namespace dockhew::inline effects {
namespace {

bool is_pattern(std::string_view name) { return name.find_first_of("*?[") != name.npos; }

// `.mvn`, `gradle`: where the tables say that tools have such files.
bool is_place_of_manifests(const Facts& facts, std::string_view directory) {
  const auto name = std::string(path_basename(directory)) + '/';
  return std::ranges::any_of(facts.tools, [&](const Tool& tool) {
    return std::ranges::any_of(tool.project.manifests, [&](std::string_view manifest) {
      return manifest.starts_with(name) || manifest.find('/' + name) != manifest.npos;
    });
  });
}

// `.mvn`: a directory that holds nothing but such files. Few, so one with many is none.
bool holds_only_manifests(const Dockerfile& file, const std::string& directory, int depth, std::size_t& left) {
  const auto& context = file.context();
  const auto names = context.entries(directory);
  if (names.empty() || names.size() > left) return false;
  left -= names.size();
  return std::ranges::all_of(names, [&](const std::string& name) {
    const auto path = join_context_path(directory, name);
    const auto kind = context.kind(path);
    if (kind == PathKind::directory) return depth > 0 && holds_only_manifests(file, path, depth - 1, left);
    return kind == PathKind::file && is_manifest(file.facts(), '/' + path);
  });
}

// As many parts of the end of a path as a manifest's name has; empty when there are fewer.
std::string_view end_of_path(std::string_view path, std::string_view manifest) {
  auto left = std::ranges::count(manifest, '/');
  auto at = path.size();
  while (at > 0 && left >= 0)
    if (path[--at] == '/') --left;
  return left < 0 ? path.substr(at + 1) : std::string_view();
}

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
      const bool below = manifest.find('/') != manifest.npos && glob_match(manifest, end_of_path(path, manifest));
      return below || glob_match(manifest, name) || glob_match(name, manifest);
    });
  });
}

namespace {

bool are_only_manifests(const Dockerfile& file, const Copy& copy) {
  return std::ranges::all_of(copy.sources, [&](const CopySource& source) {
    if (source.heredoc || !source.known) return source.heredoc;
    const auto path = clean_path("/" + source.text);
    const bool is_one = path != "/" && is_manifest(file.facts(), path);
    if (is_place_of_manifests(file.facts(), path) && file.context().kind(path.substr(1)) == PathKind::directory) {
      constexpr int deepest = 2;
      std::size_t left = 20;
      return holds_only_manifests(file, path.substr(1), deepest, left);
    }
    if (!file.context().is_known() || !is_pattern(path)) return is_one;
    // `requirements*` matches a directory of that name too, and `*.txt` what the requirements include.
    const auto matched = file.context().expand(path.substr(1));
    if (matched.empty()) return is_one;
    return std::ranges::all_of(matched, [&](const std::string& each) {
      return file.context().kind(each) == PathKind::file && (is_one || is_manifest(file.facts(), "/" + each));
    });
  });
}

}  // namespace

// Each name is compared with those of all tools, and what follows a COPY asks again and again.
bool copies_only_manifests(const Dockerfile& file, const Copy& copy) {
  std::string question = "copies only manifests:";
  for (const auto& source : copy.sources)
    question.append(source.heredoc ? " <<" : source.known ? " " : " ?").append(source.text);
  const auto size = [](bool) { return sizeof(bool); };
  return *file.answer(
      question, [&] { return are_only_manifests(file, copy); }, size);
}

}  // namespace dockhew::inline effects
