#include "layers/installation_split.hpp"

#include <algorithm>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/installation.hpp"
#include "ecosystems/pruning.hpp"
#include "ecosystems/settings_command.hpp"
#include "edits/run_edits.hpp"
#include "effects/commutes.hpp"
#include "effects/source_copy.hpp"
#include "effects/unix_effects.hpp"
#include "layers/made_paths.hpp"
#include "layers/mounted_results.hpp"
#include "model/failure.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"

namespace dockhew::inline layers {
namespace {

enum class Part { install, independent, source };

// `--cache .npm`, `--cache-dir=.p`: a directory that the installation names, which the project does not have.
bool is_named(const Site& site, const ToolUse& wanted, const std::string& path) {
  const auto names = [&](const ShellWord& word) {
    if (!word.value.is_known()) return false;
    auto value = word;
    value.value = Value::known(word.text().substr(word.text().find('=') + 1));
    return path_of(*wanted.command, value) == path;
  };
  const auto& directory = wanted.command->directory;
  return directory.is_known() && path != directory.text && std::ranges::any_of(wanted.command->words, names) &&
         site.context().is_known() && !file_in_context(site, path);
}

// A command that only touches what the installation has made: `rm -rf .npm`, `chown -R node node_modules`,
// `npx node-prune`. It belongs to it.
bool only_tidies(const Site& site, const ShellCommand& command, const ToolUse& wanted) {
  auto made = made_paths(site, *wanted.command);
  const auto is_made = [&](const std::string& path) {
    return std::ranges::any_of(made, [&](const std::string& each) { return path_is_under(path, each); }) ||
           is_named(site, wanted, path);
  };
  if (const auto directory = tidied_dependencies(command)) return is_made(*directory);
  if (command.use != nullptr ||
      !has_operands(site.file.facts(), command,
                    {Operands::moded, Operands::owned, Operands::removed, Operands::searched}))
    return false;
  const auto effects = project_effects(site, command);
  for (const auto* each :
       {&effects.reads, &effects.writes, &effects.changes, &effects.removes, &effects.modes, &effects.owners})
    if (each->may_be_anywhere() || !std::ranges::all_of(each->paths, is_made, &AffectedPath::path)) return false;
  return true;
}

// `source` is the directory of the context that was copied to `directory`, if known.
Part classify(const Site& site, const ShellCommand& command, std::string_view directory,
              const std::optional<std::string>& source, const ToolUse& wanted) {
  if (command.words.empty()) return Part::source;
  if (only_tidies(site, command, wanted)) return Part::independent;
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

// `npm ci > logs/install.log`: the directory comes with the source.
Obstacle obstacle_of_output(const Step& run, const std::string& directory) {
  for (const auto& command : run.script->commands)
    for (const auto& redirect : command.redirects) {
      const auto path = path_of(command, redirect.target);
      if (!path || path_parent(*path) == directory || !path_is_under(*path, directory)) continue;
      return Declined{"the directory of `" + *path +
                      "`, into which a command of the RUN writes, comes with the source"};
    }
  return std::nullopt;
}

}  // namespace

bool is_one_command(const Step& run) {
  const auto& arguments = run.instruction->arguments;
  const auto& commands = run.script->commands;
  return run.instruction->json && commands.size() == 1 && commands[0].words.size() == arguments.size() &&
         commands[0].words[0].raw == arguments[0].text;
}

Obstacle obstacle_in_run(const Step& run, const std::string& directory) {
  if (has_bind_mount(run)) return Declined{"the RUN reads files through a bind mount"};
  if (auto obstacle = obstacle_of_output(run, directory)) return obstacle;
  if (is_one_command(run)) return std::nullopt;
  if (!run.script->is_straight() || run.instruction->json || run.script->chain.empty())
    return Declined{"the commands of the RUN are not a plain chain"};
  return std::nullopt;
}

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
