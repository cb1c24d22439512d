#include "layers/source_followers.hpp"

#include <algorithm>
#include <string_view>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/ecosystem.hpp"
#include "effects/manifest_copy.hpp"
#include "effects/source_copy.hpp"
#include "model/context_path.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"

namespace dockhew::inline layers {
namespace {

// A directory that a tool fills. One that begins with a dot may hold a tool's settings.
bool is_of_tools(std::string_view name) {
  return name.starts_with('.') || std::ranges::any_of(all_ecosystems(), [&](const Ecosystem* ecosystem) {
           return std::ranges::any_of(ecosystem->generated_directories,
                                      [&](const GeneratedDirectory& each) { return each.path == name; });
         });
}

// A file of the context that no package manager knows.
bool is_plain_file(const Site& run, const Copy& copy, const std::string& path) {
  const auto& context = run.context();
  const auto directory = context_directory(copy, std::string(path_parent(path)));
  const auto name = path_basename(path);
  if (!directory || is_manifest(run.file.facts(), name)) return false;
  if (!context.is_known()) return name.ends_with(".sh");
  return context.kind(join_context_path(*directory, std::string(name))) == PathKind::file;
}

// A directory that the context does not have, and that no tool makes.
bool is_new_directory(const Site& run, const Copy& copy, const std::string& path, const std::string& project) {
  const auto directory = context_directory(copy, path);
  if (!directory || (run.context().is_known() && run.context().exists(*directory))) return false;
  for (std::string_view at = path; at != project && at.size() > 1; at = path_parent(at))
    if (is_of_tools(path_basename(at))) return false;
  return true;
}

// `cd app`, `echo done`
bool touches_nothing(const Site& run, const ShellCommand& command) {
  if (!run.file.facts().is_plain(command.name())) return false;
  auto effects = project_effects(run, command);
  effects.changes_shell = false;
  return effects.only_prints();
}

// `chmod +x entrypoint.sh`, `sed -i 's/\\r//' entrypoint.sh`, `mkdir -p logs`
bool only_prepares(const Site& run, const ShellCommand& command, const Copy& copy, const std::string& project) {
  const auto effects = project_effects(run, command);
  if (!effects.removes.paths.empty() || !effects.owners.paths.empty()) return false;
  for (const auto* affected :
       {&effects.reads, &effects.writes, &effects.changes, &effects.removes, &effects.modes, &effects.owners})
    if (affected->may_be_anywhere()) return false;
  const auto is_of_source = [&](const AffectedPath& each) {
    const bool inside =
        each.path != project && path_is_under(each.path, project) && path_is_under(each.path, copy.destination.text);
    return inside && without_wildcards(each.path) == each.path &&
           (effects.makes_directories ? is_new_directory(run, copy, each.path, project)
                                      : is_plain_file(run, copy, each.path));
  };
  const bool touches = !effects.writes.paths.empty() || !effects.changes.paths.empty() || !effects.modes.paths.empty();
  return touches && std::ranges::all_of(effects.reads.paths, is_of_source) &&
         std::ranges::all_of(effects.writes.paths, is_of_source) &&
         std::ranges::all_of(effects.changes.paths, is_of_source) &&
         std::ranges::all_of(effects.modes.paths, is_of_source);
}

}  // namespace

bool follows_source(const Site& run, const Copy& copy, const std::string& project) {
  const auto& step = run.step;
  if (!step.script || step.script->opaque || step.script->commands.empty() || !step.mounts.empty() ||
      !copy.destination.is_known())
    return false;
  const auto touches = [&](const ShellCommand& command) { return !touches_nothing(run, command); };
  if (std::ranges::none_of(step.script->commands, touches)) return false;
  return std::ranges::all_of(step.script->commands, [&](const ShellCommand& command) {
    return command.use == nullptr && (touches_nothing(run, command) || only_prepares(run, command, copy, project));
  });
}

Obstacle change_by_follower(const Stage& stage, const std::vector<std::size_t>& followers,
                            const std::vector<std::string>& manifests) {
  for (const auto index : followers)
    for (const auto& path : manifests)
      if (mentions(stage.steps[index], path_basename(path)))
        return Declined{"a RUN between the COPY and the installation names `" + path + "`, and may change it"};
  return std::nullopt;
}

bool builds_source(const Site& run, const Copy& copy) {
  const auto& step = run.step;
  const auto is_cache = [](const Mount& mount) { return mount.type == Mount::Type::cache; };
  if (!step.script || !step.script->is_straight() || !copy.destination.is_known() ||
      !std::ranges::all_of(step.mounts, is_cache))
    return false;
  const auto builds = [&](const ShellCommand& command) {
    const auto* use = command.use;
    return use != nullptr && use->action->kind == ActionKind::build && !use->tool->packages.of_system &&
           command.directory.is_known() &&
           (path_is_under(command.directory.text, copy.destination.text) ||
            path_is_under(copy.destination.text, command.directory.text));
  };
  return std::ranges::any_of(step.script->commands, builds) &&
         std::ranges::all_of(step.script->commands, [&](const ShellCommand& command) {
           return builds(command) || touches_nothing(run, command);
         });
}

}  // namespace dockhew::inline layers
