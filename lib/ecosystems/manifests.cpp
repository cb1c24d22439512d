#include "ecosystems/manifests.hpp"

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/named_files.hpp"
#include "model/context_path.hpp"

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

}  // namespace

Outcome<Manifests> find_manifests(const Site& site, const ToolUse& use, const Project& project) {
  if (auto obstacle = variable_naming_file(site, use, project.directory)) return *obstacle;
  if (auto obstacle = names_other_directory(use)) return *obstacle;
  if (auto obstacle = workspace_above(site.context(), use, project)) return *obstacle;
  const auto* ecosystem = find_ecosystem(*use.tool);
  if (ecosystem == nullptr || ecosystem->manifests == nullptr)
    return Declined{"what " + std::string(use.tool->title) + " reads to install dependencies is not known"};
  return ecosystem->manifests(site, use, project);
}

bool is_lock_file(std::string_view name) { return name.find("lock") != name.npos || name == "npm-shrinkwrap.json"; }

}  // namespace dockhew::inline ecosystems
