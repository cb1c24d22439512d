#include "ecosystems/plain_manifest.hpp"

#include <algorithm>

#include "model/context_path.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

Manifests assumed_manifests(const Project& project, const PlainManifest& kind) {
  Manifests result;
  result.paths = {join_context_path(project.directory, kind.file)};
  if (!kind.lock.empty()) result.paths.push_back(join_context_path(project.directory, std::string(kind.lock) + "*"));
  result.assumptions = {no_other_files};
  return result;
}

}  // namespace

const Assumption no_other_files{"no-other-files",
                                "the installation reads no files from the source other than those copied"};

std::vector<std::string> present(const BuildContext& context, const std::string& directory, Words names) {
  std::vector<std::string> found;
  for (const auto& name : names)
    if (context.kind(join_context_path(directory, name)) == PathKind::file)
      found.push_back(join_context_path(directory, name));
  return found;
}

namespace {

// Not as the end of a longer name: `mypy_path =` has no `path =`.
bool has_key(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    const char before = at == 0 ? ' ' : text[at - 1];
    const bool letter = ('a' <= before && before <= 'z') || ('A' <= before && before <= 'Z') || before == '_' ||
                        ('0' <= before && before <= '9');
    const bool begins_name =
        ('a' <= word.front() && word.front() <= 'z') || ('A' <= word.front() && word.front() <= 'Z');
    if (!begins_name || !letter) return true;
  }
  return false;
}

}  // namespace

Obstacle names_source(std::string_view manifest, std::string_view text, Words words) {
  for (const auto word : words)
    if (has_key(text, word))
      return Declined{std::string(manifest) + " has `" + std::string(word) +
                      "`, which may refer to a part of the source"};
  return std::nullopt;
}

Obstacle obstacle_in_settings(const BuildContext& context, const std::vector<std::string>& paths,
                              std::span<const SettingsWords> settings) {
  for (const auto& path : paths) {
    const auto name = path_basename(path);
    const auto known = std::ranges::find(settings, name, &SettingsWords::file);
    if (known == settings.end()) continue;
    if (auto obstacle = names_source(name, context.read(path).value_or(""), known->words)) return obstacle;
  }
  return std::nullopt;
}

void add_assumed_manifest(const Site& site, const std::string& path, Manifests& manifests) {
  const auto names = [&](const Site& each) {
    const auto& copy = each.step.copy;
    return copy && copy->from_context() && std::ranges::any_of(copy->sources, [&](const CopySource& source) {
             return source.known && !source.heredoc && join_context_path(".", source.text) == path;
           });
  };
  if (!site.file.answers({"copies the manifest ", path}, names).places().empty()) return;
  manifests.assumptions.push_back({"manifest-in-context", "the build context contains `" + path + "`"});
}

void add_assumed_place(const Site& site, const Project& project, Manifests& manifests) {
  if (!site.context().is_known() && project.directory != project.root)
    manifests.assumptions.push_back(
        {"manifests-in-place", "the manifests are in `" + project.directory + "`, where the command runs"});
}

Outcome<Manifests> find_plain_manifests(const Site& site, const ToolUse& use, const Project& project,
                                        const PlainManifest& kind) {
  const auto& context = site.context();
  if (!context.is_known()) {
    const auto& command = use.command->words[0].raw;
    if (command.find('/') != command.npos)
      return Declined{"`" + command + "` is part of the source and may read other parts"};
    auto result = assumed_manifests(project, kind);
    add_assumed_place(site, project, result);
    return result;
  }
  const auto path = join_context_path(project.directory, kind.file);
  const auto text = context.read(path);
  if (!text) return Declined{"`" + path + "` is not in the build context"};
  if (auto obstacle = kind.obstacle(*text)) return *obstacle;
  if (context.exists(join_context_path(project.directory, kind.in_source)))
    return Declined{"the build context contains `" + std::string(kind.in_source) +
                    "`, which the installation uses or writes; exclude it in .dockerignore"};
  Manifests result;
  result.paths = present(context, project.directory, use.tool->project.manifests);
  if (auto obstacle = obstacle_in_settings(context, result.paths, kind.settings)) return *obstacle;
  return result;
}

}  // namespace dockhew::inline ecosystems
