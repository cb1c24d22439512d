#include "ecosystems/command_effects.hpp"

#include <algorithm>
#include <set>

#include "ecosystems/build_effects.hpp"
#include "ecosystems/context_scripts.hpp"
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/installation.hpp"
#include "effects/accounts.hpp"
#include "effects/environment.hpp"
#include "effects/hidden_effects.hpp"
#include "effects/plain_effects.hpp"
#include "effects/published_scripts.hpp"
#include "effects/source_parts.hpp"
#include "effects/unix_effects.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

// A script reads itself and does what its commands do, each in its own shell: nothing of that is there when it ends.
template <typename Find>
Effects script_effects(const ShellCommand& command, const ContextScript& script, const Find& find) {
  auto effects = script.hidden;
  for (const auto& each : script.commands) effects.add(find(*each.command));
  for (const auto* started : script.started) add_surroundings(effects, *started);
  for (const auto& file : script.files) effects.reads.paths.push_back({file.place, command.span, {}});
  effects.changes_shell = false;
  add_surroundings(effects, command);
  return effects;
}

}  // namespace

Effects command_effects(const Site& site, const ShellCommand& command) {
  if (const auto* use = command.use) {
    const auto* ecosystem = find_ecosystem(*use->tool);
    const bool known = ecosystem != nullptr && ecosystem->effects != nullptr;
    auto effects = known ? ecosystem->effects(site, *use) : general_effects(*use);
    add_surroundings(effects, command);
    return effects;
  }
  const auto& script = site.step.script;
  if (auto known = script ? other_effects(*script, command) : std::nullopt) {
    add_surroundings(*known, command);
    return *known;
  }
  if (script && runs_read_commands(*script, command)) {
    Effects effects;
    add_surroundings(effects, command);
    return effects;
  }
  if (const auto read = context_script(site, command))
    return script_effects(command, *read, [&](const ShellCommand& each) { return command_effects(site, each); });
  const auto& facts = site.file.facts();
  auto effects = unix_effects(facts, command);
  if (is_settled(facts, command)) return effects;
  // It may write any file, and what its words tell of it is not acted upon.
  Effects surroundings;
  add_surroundings(surroundings, command);
  effects.writes = std::move(surroundings.writes);
  effects.writes.anything = effects.changes.anything = true;
  return effects;
}

namespace {

// `curl … | php -- …`: what is fetched goes to a command that is known to take it.
bool feeds_known_command(const Facts& facts, const Script& script, const ShellCommand& command) {
  return command.piped && command.use == nullptr &&
         std::ranges::any_of(script.commands, [&](const ShellCommand& other) {
           return &other != &command && other.piped && other.element == command.element &&
                  (other_effects(script, other) || published_script_effects(facts, script, other));
         });
}

// Calls `visit` with the parts of a word that may be paths: `--setopt=reposdir=/a`, `x,/a`, `file:///a`.
template <typename Visit>
void each_part(std::string_view text, const Visit& visit) {
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find_first_of("=,: ", begin), text.size());
    if (end > begin) visit(text.substr(begin, end - begin));
    begin = end + 1;
  }
}

// Files that an installation by name is told to read: `apt-get -c /a/apt.conf`, and by variables of the tool. What a
// setting names is read later: `pip config set global.find-links wheels`.
void add_named_files(Effects& effects, const Site& site, const ShellCommand& command) {
  const auto add_absolute = [&](std::string_view part) {
    if (part.starts_with('/')) add_path(effects.reads, command, clean_path(part));
  };
  for (const auto& word : command.words)
    each_part(word.value.is_known() ? std::string_view(word.text()) : std::string_view(word.raw), add_absolute);
  for (const auto name : command.use->tool->project.file_variables)
    if (const auto value = environment(site, command, name); value.is_known()) each_part(value.text, add_absolute);
  const auto& words = command.words;
  if (words.size() < 3 || words[1].raw != "config" || !command.directory.is_known()) return;
  const auto directory = project_in_context(site.file, site.stage, site.earlier().size(), command.directory.text);
  each_part(words.back().text(), [&](std::string_view part) {
    const bool relative = !part.starts_with('/') && part != ".";
    if (directory && relative && site.context().exists(join_context_path(*directory, part)))
      add_path(effects.reads, command, resolve_path(command.directory.text, part));
  });
}

// `python -m venv .venv`: the tool reads no manifest, and its ecosystem says what it writes.
bool knows_no_project(const ToolUse& use) {
  const auto* ecosystem = find_ecosystem(*use.tool);
  return use.tool->project.manifests.empty() && use.tool->caches.empty() && use.action->kind == ActionKind::other &&
         !use.action->reads_source && ecosystem != nullptr && ecosystem->effects != nullptr;
}

// `id -u`, `exit 0`: a row of the table that is read to the letter.
bool only_prints(const Facts& facts, const ShellCommand& command) {
  return facts.is_printing(command.name()) && facts.unix_command(command.name()) != nullptr;
}

}  // namespace

Effects project_effects(const Site& site, const ShellCommand& command) {
  const auto& facts = site.file.facts();
  if (command.use != nullptr && !installs_by_name(*command.use))
    return knows_no_project(*command.use) ? command_effects(site, command) : unknown_effects();
  Effects effects;
  if (auto known = other_effects(*site.step.script, command)) {
    effects = *std::move(known);
    add_surroundings(effects, command);
  } else if (auto published = published_script_effects(facts, *site.step.script, command)) {
    effects = *std::move(published);
  } else if (const auto read = context_script(site, command)) {
    effects = script_effects(command, *read, [&](const ShellCommand& each) { return project_effects(site, each); });
  } else if (command.use != nullptr) {
    add_surroundings(effects, command);
    add_named_files(effects, site, command);
  } else if (command.words.empty() || has_plain_effects(facts, command) || only_prints(facts, command) ||
             has_operands(facts, command, {Operands::searched}) || downloads(facts, command) ||
             feeds_known_command(facts, *site.step.script, command))
    effects = unix_effects(facts, command);
  else return unknown_effects();
  if (const auto home = home_of(site); home.is_known()) effects.resolve_home(home.text);
  return effects;
}

void forget_passing_files(const Site& site, Effects& effects) {
  const auto& context = site.context();
  std::set<std::string> removed, passing;
  for (const auto& each : effects.removes.paths) removed.insert(each.path);
  if (removed.empty()) return;
  for (const auto& [path, span, text] : effects.writes.paths)
    // The project may have a file of that name, which would be there without the RUN.
    if (removed.contains(path) && (!context.is_known() || !context.exists(std::string(path_basename(path)))))
      passing.insert(path);
  for (auto* affected : {&effects.reads, &effects.writes, &effects.removes})
    std::erase_if(affected->paths, [&](const AffectedPath& each) { return passing.contains(each.path); });
}

Effects project_effects(const Site& site) {
  const auto& script = site.step.script;
  if (!script || script->opaque || script->commands.empty()) return unknown_effects();
  Effects effects;
  for (const auto& command : script->commands) effects.add(project_effects(site, command));
  effects.add(hidden_effects(*script));
  effects.changes_shell = false;  // the shell ends with the RUN
  forget_passing_files(site, effects);
  return effects;
}

bool may_write_file(const Site& site, const ShellCommand& command, const std::string& path) {
  const auto effects = command_effects(site, command);
  return effects.writes.may_be_anywhere() ||
         std::ranges::any_of(effects.writes.paths,
                             [&](const AffectedPath& written) { return path_is_under(path, written.path); });
}

bool may_write_file(const Site& site, const std::string& path) {
  if (site.step.instruction->keyword != Keyword::run) return false;
  if (!site.step.script || site.step.script->opaque) return true;
  return std::ranges::any_of(site.step.script->commands,
                             [&](const ShellCommand& command) { return may_write_file(site, command, path); });
}

}  // namespace dockhew::inline ecosystems
