#include "ecosystems/manifests.hpp"

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/named_files.hpp"
#include "model/context_path.hpp"
#include "model/ignored_by_git.hpp"
#include "text/path.hpp"

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
  if (auto obstacle = allow_for_ignored(site.context(), use, project, *manifests)) return *obstacle;
  return manifests;
}

bool is_lock_file(std::string_view name) { return name.find("lock") != name.npos || name == "npm-shrinkwrap.json"; }

}  // namespace dockhew::inline ecosystems
