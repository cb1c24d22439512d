#include "layers/passed_steps.hpp"

#include <algorithm>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/settings_command.hpp"
#include "ecosystems/settings_directory.hpp"
#include "effects/commutes.hpp"
#include "effects/hidden_effects.hpp"
#include "effects/source_copy.hpp"
#include "model/runs.hpp"
#include "model/user.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline layers {
namespace {

// Whether the absolute path of the destination can be written instead of the relative one.
bool has_plain_place(const Copy& copy) {
  return copy.destination.is_known() && copy.destination.text.find_first_of(" \t\"'$\\`[") == std::string::npos;
}

// Whether the COPY has made the directory before a WORKDIR names it: what goes ahead of the installation is copied to
// the same place, so the WORKDIR makes nothing either way.
bool is_made_by(const Copy& copy, const Site& between) {
  const auto next = between.earlier().size() + 1;
  const auto& directory = next < between.stage.steps.size() ? between.stage.steps[next].workdir : between.stage.workdir;
  return copy.destination.is_known() && directory.is_known() &&
         path_is_under(clean_path(copy.destination.text), directory.text);
}

Obstacle working_directory_cannot_pass(const Site& site, const Copy& copy) {
  const auto& between = site.step;
  if (!copy.destination_text.starts_with('/') && !has_plain_place(copy))
    return Declined{"WORKDIR changes between the COPY and the installation"};
  if (is_made_by(copy, site)) return std::nullopt;
  if (between.user.is_unknown())
    return Declined{
        "a WORKDIR is between the COPY and the installation, and the user to whom it would give the directory is not "
        "known"};
  if (!is_root(between.user)) return Declined{"a WORKDIR for another user is between the COPY and the installation"};
  return std::nullopt;
}

Obstacle copy_cannot_pass(const Site& site, const Copy& copy) {
  const auto& between = site.step.copy;
  if (!between || !copies_apart(site, *between, copy))
    return Declined{"another COPY to the same place is between the COPY and the installation"};
  return std::nullopt;
}

// Whether a command only sets what nothing in the COPY replaces.
bool only_sets_own_settings(const Site& between, const ShellCommand& command, const Copy& copy) {
  const auto directory = command.directory.is_known() ? context_directory(copy, command.directory.text) : std::nullopt;
  return only_sets_settings(between.file, command, directory);
}

// What a RUN does but for settings of package managers that nothing in the COPY replaces.
Effects effects_beside_settings(const Site& between, const Copy& copy) {
  Effects effects;
  for (const auto& command : between.step.script->commands)
    if (!only_sets_own_settings(between, command, copy)) effects.add(project_effects(between, command));
  effects.add(hidden_effects(*between.step.script));
  effects.changes_shell = false;  // the shell ends with the RUN
  forget_passing_files(between, effects);
  return effects;
}

// The RUN by the first of its commands that ties it to the COPY: "`chmod +x run.sh`".
std::string shown_run(const Site& between, const Copy& copy) {
  const auto& script = *between.step.script;
  const auto ties = [&](const ShellCommand& command) {
    const auto effects = project_effects(between, command);
    return !effects.changes_shell && !only_sets_own_settings(between, command, copy) &&
           !commutes(effects, copy_effects(between, copy));
  };
  const auto found = std::ranges::find_if(script.commands, ties);
  const auto& command = found == script.commands.end() ? script.commands.front() : *found;
  constexpr std::size_t longest = 60;
  return '`' + first_words(script.text.view(command.span), longest) + '`';
}

Obstacle run_cannot_pass(const Site& between, const Copy& copy) {
  const auto& step = between.step;
  if (has_bind_mount(step)) return Declined{"a RUN with a bind mount is between the COPY and the installation"};
  if (!step.script || step.script->opaque || step.script->commands.empty())
    return Declined{"a RUN that cannot be analyzed is between the COPY and the installation"};
  if (may_hold_settings(between, copy.destination.text))
    return Declined{"the COPY may contain settings for a RUN between it and the installation"};
  if (!commutes(effects_beside_settings(between, copy), copy_effects(between, copy)))
    return Declined{shown_run(between, copy) +
                    ", which runs between the COPY and the installation, may read or change the source"};
  return std::nullopt;
}

bool uses_variable(const Site& between, std::string_view text) {
  const auto names = variables_set_by(between);
  return std::ranges::any_of(names, [&](const std::string& name) {
    return text.find('$' + name) != text.npos || text.find("${" + name) != text.npos;
  });
}

}  // namespace

std::vector<std::string> variables_set_by(const Site& site) {
  const auto& [file, stage, step] = site;
  const auto next = step.index + 1;
  const auto end = next < stage.steps.size() ? stage.steps[next].bindings : stage.environment.size();
  std::vector<std::string> names;
  for (auto i = static_cast<std::size_t>(step.bindings); i < end; ++i) names.push_back(stage.environment[i].name);
  return names;
}

Obstacle cannot_pass(const Site& between, const Copy& copy, std::string_view copy_text) {
  switch (between.step.instruction->keyword) {
    case Keyword::env:
    case Keyword::arg:
      if (!uses_variable(between, copy_text)) return std::nullopt;
      return Declined{"the COPY uses a variable that is set between it and the installation"};
    case Keyword::workdir: return working_directory_cannot_pass(between, copy);
    case Keyword::copy:
    case Keyword::add: return copy_cannot_pass(between, copy);
    case Keyword::run: return run_cannot_pass(between, copy);
    case Keyword::unknown: return Declined{"an unknown instruction is between the COPY and the installation"};
    default: return std::nullopt;
  }
}

}  // namespace dockhew::inline layers
