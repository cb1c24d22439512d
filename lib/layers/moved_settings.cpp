#include "layers/moved_settings.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/named_files.hpp"
#include "ecosystems/outer_settings.hpp"
#include "effects/accounts.hpp"
#include "effects/source_copy.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"

namespace dockhew::inline layers {
namespace {

// The file of the context that the COPY of a step brings to a place in the image.
std::optional<std::string> brought_by(const Site& run, std::size_t step, const std::string& place) {
  auto file = find_brought_file(run, place);
  const bool here = file && file->stage == &run.stage && file->step == step;
  return here ? std::optional(std::move(file->source)) : std::nullopt;
}

// The same for `patches/*.patch`, of which one is enough.
std::optional<std::string> brought_by_pattern(const Site& run, std::size_t step, const std::string& pattern) {
  const auto directory = context_directory(*run.stage.steps[step].copy, path_parent(pattern));
  if (!directory) return std::nullopt;
  const auto paths = run.context().expand(join_context_path(*directory, std::string(path_basename(pattern))));
  return paths.empty() ? std::nullopt : std::optional(paths.front());
}

// What a tool reads in the project, and a COPY brings from elsewhere than the directory of the manifests.
std::optional<std::string> read_from_elsewhere(const Site& run, const LateInstallation& late, const Tool& tool,
                                               std::size_t step) {
  const auto& project = late.use->command->directory.text;
  for (const auto name : tool.project.manifests) {
    const auto place = resolve_path(project, name);
    const bool pattern = name.find_first_of("*?[") != name.npos;
    auto path = pattern ? brought_by_pattern(run, step, place) : brought_by(run, step, place);
    if (path && path_parent(*path) != path_parent(join_context_path(late.directory, name))) return path;
  }
  return std::nullopt;
}

// Whether a COPY from a step on reaches above the project, or into the user's home.
bool reaches_out(const Site& run, const ToolUse& use, std::size_t first) {
  const auto home = home_of(run);
  const auto& project = use.command->directory;
  return std::ranges::any_of(run.earlier().subspan(std::min(first, run.earlier().size())), [&](const Step& step) {
    if (!step.copy || !step.copy->from_context() || !step.copy->destination.is_known()) return false;
    const auto& to = step.copy->destination.text;
    const bool above = project.is_known() && to != project.text && path_is_under(project.text, to);
    return above || (home.is_known() && (path_is_under(to, home.text) || path_is_under(home.text, to)));
  });
}

}  // namespace

Obstacle outer_settings_that_move(const Site& run, const ToolUse& use, std::size_t first,
                                  const std::vector<std::string>& kept) {
  if (!run.context().is_known() || !reaches_out(run, use, first)) return std::nullopt;
  for (const auto& place : outer_settings(run, use)) {
    const auto file = find_brought_file(run, place);
    if (!file || file->stage != &run.stage || file->step < first) continue;
    if (std::ranges::find(kept, file->source) == kept.end())
      return Declined{"the installation may read `" + file->source + "`, which a COPY puts where its settings are"};
  }
  return std::nullopt;
}

Obstacle settings_that_move(const Site& run, const LateInstallation& late, const std::vector<std::string>& kept) {
  if (!late.in_parts() || !run.context().is_known()) return std::nullopt;
  const auto& project = late.use->command->directory;
  const auto* ecosystem = find_ecosystem(*late.use->tool);
  std::set<const Tool*> tools;        // what they read is asked once for each,
  std::set<std::string> directories;  // and what variables name once for each directory
  for (const auto& source : late.sources)
    if (auto directory = context_directory(*run.stage.steps[source.step].copy, project.text))
      directories.insert(*std::move(directory));
  for (const auto& use : run.uses()) {
    if (find_ecosystem(*use.tool) != ecosystem || use.command->directory != project) continue;
    if (tools.insert(use.tool).second)
      for (const auto& source : late.sources) {
        const auto path = read_from_elsewhere(run, late, *use.tool, source.step);
        if (path && std::ranges::find(kept, *path) == kept.end())
          return Declined{"the installation may read `" + *path + "`, which the COPY puts beside the manifests"};
      }
    for (const auto& directory : directories)
      if (auto obstacle = variable_naming_file(run, use, directory)) return obstacle;
  }
  return std::nullopt;
}

}  // namespace dockhew::inline layers
