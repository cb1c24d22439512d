#include "ecosystems/manifests.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/named_files.hpp"
#include "model/context_path.hpp"
#include "model/ignored_by_git.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline ecosystems {
namespace {

Obstacle names_other_directory(const ToolUse& use) {
  for (const auto option : use.tool->project.directory_options)
    if (use.has_option(option))
      return Declined{"`" + std::string(option) + "` names another location for the manifests"};
  return std::nullopt;
}

// Package managers look upwards of the project for the root of a workspace, whose manifest and lock file count then.
Obstacle workspace_above(const BuildContext& context, const ToolUse& use, const Project& project) {
  for (const auto& above : directories_above(project.directory, project.root))
    for (const auto& root : use.tool->project.workspace_roots) {
      const auto path = join_context_path(above, root.file);
      if (!context.exists(path)) continue;
      if (root.text.empty() || context.read(path).value_or("").find(root.text) != std::string::npos)
        return Declined{"`" + path + "` makes the project part of a workspace"};
    }
  return std::nullopt;
}

// Settings that name files in one form or another, among the manifests of a tool.
bool is_settings_file(std::string_view path) {
  constexpr std::string_view names[] = {".npmrc",       ".yarnrc",      ".yarnrc.yml",        "bunfig.toml",
                                        "config.toml",  "jvm.config",   "gradle.properties",  "pip.conf",
                                        "maven.config", "nuget.config", "rust-toolchain.toml"};
  return std::ranges::find(names, to_lower_ascii(path_basename(path))) != std::end(names);
}

// What the command and the settings name besides the manifests.
Obstacle add_named_files(const Site& site, const ToolUse& use, const Project& project, Manifests& manifests) {
  std::vector<std::string> settings;
  // The words of a build are not those of the installation that goes before it, but for tools that take the same.
  if (use.action->kind != ActionKind::build || use.tool->project.operands_are_tasks) {
    auto named = files_named_by_words(site, use, project.directory, manifests.paths);
    if (!named) return named.declined();
    for (auto& path : *named)
      if (std::ranges::find(manifests.paths, path) == manifests.paths.end()) {
        manifests.paths.push_back(path);
        settings.push_back(std::move(path));
      }
  }
  if (!site.context().is_known()) return std::nullopt;
  std::ranges::copy_if(manifests.paths, std::back_inserter(settings), is_settings_file);
  const auto& directory = use.command->directory;
  const std::string_view place = directory.is_known() ? std::string_view(directory.text) : std::string_view();
  for (const auto& path : settings)
    if (auto obstacle = file_named_by_settings(site.context(), path, project.directory, place, manifests.paths))
      return obstacle;
  return std::nullopt;
}

// A file that Git leaves alone lies on some machines and not on others. `COPY mix.exs mix.lock* ./` takes a lock file
// where it is; of other files it is not known what they say elsewhere.
Obstacle allow_for_ignored(const BuildContext& context, const ToolUse& use, const Project& project,
                           Manifests& manifests) {
  if (!context.is_known() || manifests.paths.empty()) return std::nullopt;
  for (auto& path : manifests.paths) {
    if (path.find_first_of("*?[") != path.npos || !is_ignored_by_git(context, path)) continue;
    if (!is_lock_file(path_basename(path))) return Declined{"Git leaves `" + path + "` alone, so a clone lacks it"};
    path += '*';
  }
  for (const auto name : use.tool->project.manifests) {
    if (!is_lock_file(name) || name.find_first_of("*?[/") != name.npos) continue;
    const auto path = join_context_path(project.directory, name);
    if (!context.exists(path) && is_ignored_by_git(context, path)) manifests.paths.push_back(path + '*');
  }
  return std::nullopt;
}

}  // namespace

Outcome<Manifests> find_manifests(const Site& site, const ToolUse& use, const Project& project) {
  if (auto obstacle = variable_naming_file(site, use, project.directory)) return *obstacle;
  if (auto obstacle = names_other_directory(use)) return *obstacle;
  if (auto obstacle = workspace_above(site.context(), use, project)) return *obstacle;
  const auto* ecosystem = find_ecosystem(*use.tool);
  if (ecosystem == nullptr || ecosystem->manifests == nullptr)
    return Declined{"what " + std::string(use.tool->title) + " reads to install dependencies is not known"};
  auto manifests = ecosystem->manifests(site, use, project);
  if (!manifests) return manifests;
  if (auto obstacle = add_named_files(site, use, project, *manifests)) return *obstacle;
  if (auto obstacle = allow_for_ignored(site.context(), use, project, *manifests)) return *obstacle;
  return manifests;
}

bool is_lock_file(std::string_view name) { return name.find("lock") != name.npos || name == "npm-shrinkwrap.json"; }

}  // namespace dockhew::inline ecosystems
