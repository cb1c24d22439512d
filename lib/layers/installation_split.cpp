#include "layers/installation_split.hpp"

#include <algorithm>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/manifests.hpp"
#include "ecosystems/named_installation.hpp"
#include "ecosystems/settings_command.hpp"
#include "edits/run_edits.hpp"
#include "effects/commutes.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"

namespace dockhew {
namespace {

enum class Part { install, independent, source };

// `source` is the directory of the context that `directory` has, if that can be said.
Part classify(const Site& site, const ShellCommand& command, std::string_view directory,
              const std::optional<std::string>& source, const ToolUse& wanted) {
  if (command.words.empty()) return Part::source;
  if (is_settings_command(command))
    return only_sets_settings(site.file, command, source) ? Part::independent : Part::source;
  if (const auto* use = command.use) {
    if (use->tool == wanted.tool && installs_from_manifest(*use))
      return installs_project(*use) && !options_for_dependencies(*use).empty() ? Part::source : Part::install;
    return installs_by_name(*use) || use->action->kind == ActionKind::clean ? Part::independent : Part::source;
  }
  // What the shell keeps of it is not about the source: see sets_state.
  auto effects = project_effects(site, command);
  if (command.name() == "set") effects.changes_shell = false;
  return commutes(effects, writes_below(directory)) ? Part::independent : Part::source;
}

// A command whose effect is on the shell itself, so that a second RUN would not inherit it.
bool sets_state(const Facts& facts, const ShellCommand& command) {
  const auto* row = facts.unix_command(command.name());
  return command.words.empty() || (row != nullptr && row->shell);
}

}  // namespace

InstallationSplit split_installation(const Site& site, std::string_view directory,
                                     const std::optional<std::string>& source, const ToolUse& wanted) {
  InstallationSplit split;
  const auto& script = *site.step.script;
  std::vector<Part> parts(script.chain.size(), Part::independent);
  for (std::size_t i = 0; i < script.commands.size(); ++i) {
    const auto& command = script.commands[i];
    auto part =
        command.nested || command.conditional ? Part::source : classify(site, command, directory, source, wanted);
    // The manifests are there for one directory, and make it.
    if (part == Part::install && command.directory != wanted.command->directory) part = Part::source;
    if (command.name() == "cd" && command.element < wanted.command->element && !command.nested &&
        !command.conditional && i + 1 < script.commands.size()) {
      // On the way to the installation: no other directory of the source is there yet.
      const auto& there = script.commands[i + 1].directory;
      if (there.is_known() && path_is_under(wanted.command->directory.text, there.text)) part = Part::independent;
    }
    if (part == Part::source) parts[command.element] = Part::source;
    else if (part == Part::install && parts[command.element] != Part::source) parts[command.element] = Part::install;
  }
  while (split.head < parts.size() && parts[split.head] != Part::source) ++split.head;
  const auto behind = parts.begin() + static_cast<std::ptrdiff_t>(split.head);
  if (std::find(parts.begin(), behind, Part::install) == behind)
    split.declined = "commands that may read the source stand before the installation in the same RUN";
  if (!split.declined.empty() || split.head == parts.size()) return split;

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
  if (state) split.declined = "the RUN sets state that its building part needs";
  else if (joint != Joint::and_if && !(stops && joint == Joint::semicolon))
    split.declined = "the installing and the building part of the RUN are not joined by `&&`";
  else if (script.from_heredoc || site.step.instruction->flag("network") != nullptr ||
           site.step.instruction->flag("security") != nullptr)
    split.declined = "the RUN cannot be divided";
  return split;
}

}  // namespace dockhew
