#include "layers/installation_split.hpp"

#include <algorithm>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/installation.hpp"
#include "ecosystems/settings_command.hpp"
#include "edits/run_edits.hpp"
#include "effects/commutes.hpp"
#include "layers/mounted_results.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"

namespace dockhew::inline layers {
namespace {

enum class Part { install, independent, source };

// `source` is the directory of the context that was copied to `directory`, if known.
Part classify(const Site& site, const ShellCommand& command, std::string_view directory,
              const std::optional<std::string>& source, const ToolUse& wanted) {
  if (command.words.empty()) return Part::source;
  if (is_settings_command(command))
    return only_sets_settings(site.file, command, source) ? Part::independent : Part::source;
  if (const auto* use = command.use) {
    if (use->tool == wanted.tool && installs_from_manifest(*use))
      return installs_project(*use) ? Part::source : Part::install;
    return installs_by_name(*use) || use->action->kind == ActionKind::clean ? Part::independent : Part::source;
  }
  // What the shell keeps of it is not about the source: see sets_state.
  auto effects = project_effects(site, command);
  if (command.name() == "set") effects.changes_shell = false;
  return commutes(effects, writes_below(directory)) ? Part::independent : Part::source;
}

// A command that changes the shell itself, which a second RUN would not inherit.
bool sets_state(const Facts& facts, const ShellCommand& command) {
  const auto* row = facts.unix_command(command.name());
  return command.words.empty() || (row != nullptr && row->shell);
}

}  // namespace

Outcome<InstallationSplit> split_installation(const Site& site, std::string_view directory,
                                              const std::optional<std::string>& source, const ToolUse& wanted) {
  InstallationSplit split;
  const auto& script = *site.step.script;
  std::vector<Part> parts(script.chain.size(), Part::independent);
  for (std::size_t i = 0; i < script.commands.size(); ++i) {
    const auto& command = script.commands[i];
    auto part =
        command.nested || command.conditional ? Part::source : classify(site, command, directory, source, wanted);
    // The manifests are copied to one directory, and create it.
    if (part == Part::install && command.directory != wanted.command->directory) part = Part::source;
    if (command.name() == "cd" && command.element < wanted.command->element && !command.nested &&
        !command.conditional && i + 1 < script.commands.size()) {
      // On the way to the installation: no other directory of the source exists yet.
      const auto& there = script.commands[i + 1].directory;
      if (there.is_known() && path_is_under(wanted.command->directory.text, there.text)) part = Part::independent;
    }
    if (part == Part::source) parts[command.element] = Part::source;
    else if (part == Part::install && parts[command.element] != Part::source) parts[command.element] = Part::install;
  }
  while (split.head < parts.size() && parts[split.head] != Part::source) ++split.head;
  const auto after = parts.begin() + static_cast<std::ptrdiff_t>(split.head);
  if (std::find(parts.begin(), after, Part::install) == after)
    return Declined{"commands before the installation, in the same RUN, may read the source"};
  if (split.head == parts.size()) return split;
  if (auto obstacle = results_in_mount(site, split.head)) return *obstacle;

  bool stops = false, state = false;
  for (const auto& command : script.commands) {
    if (command.element >= split.head || !sets_state(site.file.facts(), command)) continue;
    const auto& element = script.chain[command.element];
    const auto name = command.name();
    const bool again = (name == "cd" || name == "set") && element.simple &&
                       (element.joint == Joint::and_if || element.joint == Joint::semicolon);
    if (again)
      split.repeated += std::string(slice(site.file.source(), script.to_source(element.span))) +
                        (element.joint == Joint::and_if ? " && " : "; ");
    state |= !again;
    stops |= stops_on_failure(script, element);
  }
  const auto joint = script.chain[split.head - 1].joint;
  if (state) return Declined{"the first part of the RUN sets shell state that the build needs"};
  if (joint != Joint::and_if && !(stops && joint == Joint::semicolon))
    return Declined{"the installation and the build are not joined by `&&`"};
  if (script.from_heredoc || site.step.instruction->flag("network") != nullptr ||
      site.step.instruction->flag("security") != nullptr)
    return Declined{"the RUN cannot be split"};
  return split;
}

}  // namespace dockhew::inline layers
