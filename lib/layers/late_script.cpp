#include "layers/late_script.hpp"

#include <algorithm>
#include <utility>

#include "caches/started_tools.hpp"
#include "ecosystems/command_effects.hpp"
#include "ecosystems/installation.hpp"
#include "effects/commutes.hpp"
#include "effects/manifest_copy.hpp"
#include "effects/source_copy.hpp"
#include "text/path.hpp"

namespace dockhew::inline layers {
namespace {

bool is_of_script(const ContextScript& script, const AffectedPath& affected) {
  return std::ranges::find(script.files, affected.path, &ScriptFile::place) != script.files.end();
}

bool names_script(std::string_view text, const ContextScript& script) {
  return std::ranges::any_of(script.files,
                             [&](const ScriptFile& each) { return text.find(path_basename(each.place)) != text.npos; });
}

// Whether a RUN starts one of the scripts through another, or may do so.
bool may_start(const Site& site, const ContextScript& script) {
  const auto& step = site.step;
  if (!step.script || step.script->opaque) return step.instruction->keyword == Keyword::run;
  return std::ranges::any_of(step.script->commands, [&](const ShellCommand& command) {
    if (scripts_named_by(command).empty()) return false;
    const auto other = context_script(site, command);
    return !other || std::ranges::any_of(other->files, [&](const ScriptFile& each) {
      return std::ranges::find(script.files, each.source, &ScriptFile::source) != script.files.end();
    });
  });
}

// The same of the container.
bool container_may_start(const Site& site, const ContextScript& script) {
  if (!is_last_start(site)) return false;
  const auto started = started_in(site);
  return !started->unread.empty() ||
         std::ranges::any_of(started->scripts, [&](const auto& each) { return names_script(each.second, script); });
}

// The stage, those that are built on it, and those that take files from one of these.
std::vector<bool> stages_with_files_of(const Dockerfile& file, const Stage& stage) {
  std::vector<bool> have(file.stages().size());
  for (const auto& each : file.stages()) {
    const auto takes = [&](const Step& step) {
      return (step.copy && step.copy->stage && have[*step.copy->stage]) ||
             std::ranges::any_of(step.mounts, [&](const Mount& mount) {
               const auto from = file.find_stage(mount.from, each.index);
               return from && have[*from];
             });
    };
    have[each.index] = continues(file, each, stage) || std::ranges::any_of(each.steps, takes);
  }
  return have;
}

// Whether something behind a RUN starts one of the scripts, or may do so.
bool is_started_later(const Site& run, const ContextScript& script) {
  const auto have = stages_with_files_of(run.file, run.stage);
  for (const auto& stage : run.file.stages())
    for (const auto& step : stage.steps) {
      if (step.index <= run.step.index || !have[stage.index]) continue;
      const Site later{run.file, stage, step};
      if (names_script(slice(run.file.source(), step.instruction->span), script) || may_start(later, script) ||
          container_may_start(later, script))
        return true;
    }
  return false;
}

// Whether a command goes to a directory in which one of the scripts is, as `cd scripts && ./install.sh` does.
bool goes_to_script(const Facts& facts, const ContextScript& script, const ShellCommand& command) {
  const auto* row = facts.unix_command(command.name());
  const bool goes = row != nullptr && row->shell && !row->anything && row->operands == Operands::read;
  const auto path = goes && command.words.size() == 2 ? path_of(command, command.words[1]) : std::nullopt;
  return path && command.redirects.empty() &&
         std::ranges::any_of(script.files, [&](const ScriptFile& each) { return path_is_under(each.place, *path); });
}

// The same of one of a RUN's commands, by what it reads.
bool goes_to_script(const Site& run, const ContextScript& script, const AffectedPath& read) {
  return std::ranges::any_of(run.step.script->commands, [&](const ShellCommand& command) {
    return command.words.size() == 2 && command.words[1].span == read.span &&
           goes_to_script(run.file.facts(), script, command);
  });
}

// Takes out that a RUN reads the scripts and makes them executable.
void forget_scripts(const Site& run, const ContextScript& script, const Site& installation, Effects& effects) {
  const auto is_script = [&](const AffectedPath& affected) { return is_of_script(script, affected); };
  std::erase_if(effects.reads.paths,
                [&](const AffectedPath& read) { return is_script(read) || goes_to_script(run, script, read); });
  const auto made = std::erase_if(effects.modes.paths, is_script);
  if (made > 0 && is_started_later(installation, script)) effects.modes.anything = true;
}

// What a RUN does besides that.
Effects effects_beside(const Site& run, const ContextScript& script, const Site& installation) {
  auto effects = project_effects(run);
  forget_scripts(run, script, installation, effects);
  return effects;
}

// `pip install -r requirements.txt`: it needs its manifests.
bool is_declared(const ScriptCommand& each) {
  return each.command->use != nullptr && installation_of(*each.command->use).declares == Declares::manifest;
}

// A command of the script that may do anything, and is no part of a build: `service apache2 stop`.
bool is_unclear(const Site& run, const ShellCommand& command) {
  const auto* row = run.file.facts().unix_command(command.name());
  return command.use == nullptr && !command.words.empty() && (row == nullptr || !row->builds) &&
         project_effects(run, command).writes.anything;
}

// The same without such commands, of which the first is named for a person, and without what manifests declare.
struct ClearPart {
  Effects effects;
  std::string unclear;
};

ClearPart clear_part(const Site& run, const ContextScript& script, const ShellCommand& starter) {
  ClearPart part;
  for (const auto& command : run.step.script->commands)
    if (&command != &starter) part.effects.add(project_effects(run, command));
  part.effects.add(script.hidden);
  for (const auto& each : script.commands) {
    if (is_declared(each) || goes_to_script(run.file.facts(), script, *each.command)) continue;
    if (!is_unclear(run, *each.command)) part.effects.add(project_effects(run, *each.command));
    else if (part.unclear.empty()) part.unclear = '`' + each.command->words[0].raw + "` in `" + each.place + '`';
  }
  part.effects.changes_shell = false;  // the shell ends with the RUN
  forget_passing_files(run, part.effects);
  forget_scripts(run, script, run, part.effects);
  return part;
}

// `COPY . .`, or a directory of the context to where the RUN works.
bool copies_project(const Site& run, const Copy& copy) {
  if (!copy.from_context() || !copy.destination.is_known() || copies_only_manifests(run.file, copy)) return false;
  const auto root = context_directory(copy, copy.destination.text);
  if (!root || run.context().kind(*root) != PathKind::directory) return false;
  return *root == "." || (run.step.workdir.is_known() && path_is_under(run.step.workdir.text, copy.destination.text));
}

bool installs_named(const ScriptCommand& each) {
  const auto* use = each.command->use;
  return use != nullptr && use->action->kind == ActionKind::install && installs_by_name(*use);
}

// The installation to name: one that manifests declare, or else one by name.
const ScriptCommand* installation_in(const ContextScript& script) {
  for (const auto& is_it : {is_declared, installs_named}) {
    const auto found = std::ranges::find_if(script.commands, is_it);
    if (found != script.commands.end()) return &*found;
  }
  return nullptr;
}

// Whether all that manifests declare is installed below a directory.
bool installs_below(const ContextScript& script, const std::string& directory) {
  return std::ranges::all_of(script.commands, [&](const ScriptCommand& each) {
    const auto& place = each.command->directory;
    return !is_declared(each) || (place.is_known() && path_is_under(place.text, directory));
  });
}

// The scripts of an installation that a COPY of the stage brings, as paths in the context.
std::vector<std::string> scripts_brought_by(const LateInstallation& late, const Site& run, std::size_t copy) {
  std::vector<std::string> paths;
  for (const auto& each : late.script->files) {
    const auto brought = find_brought_file(run, each.place);
    if (brought && brought->stage == &run.stage && brought->step == copy) paths.push_back(brought->source);
  }
  return paths;
}

}  // namespace

std::optional<LateInstallation> find_late_script(const Site& run) {
  for (const auto& command : run.step.script->commands) {
    const auto script = context_script(run, command);
    const auto* installing = script ? installation_in(*script) : nullptr;
    if (installing == nullptr) continue;
    auto part = clear_part(run, *script, command);
    LateInstallation late;
    late.run = run.earlier().size();
    late.use = installing->command->use;
    late.script = script;
    late.starter = &command;
    late.place = installing->place;
    late.unclear = std::move(part.unclear);
    for (auto i = late.run; i-- > 0;) {
      const auto& copy = run.stage.steps[i].copy;
      if (!copy || !copies_project(run, *copy)) continue;
      if (!commutes(part.effects, copy_effects(run, *copy)) || !installs_below(*script, copy->destination.text))
        return std::nullopt;
      late.sources.push_back({i, "."});
      late.changing = i;
      return late;
    }
  }
  return std::nullopt;
}

bool only_prepares_scripts(const LateInstallation& late, const Site& between) {
  if (!late.script || !between.step.script || between.step.script->opaque || !between.step.mounts.empty()) return false;
  const auto effects = effects_beside(between, *late.script, between.at(between.stage.steps[late.run]));
  return effects.only_prints() && effects.reads.paths.empty() && !effects.reads.anything;
}

Outcome<Manifests> files_of_script(const LateInstallation& late, const Site& run, std::size_t copy) {
  const auto& source = *run.stage.steps[copy].copy;
  const auto root = context_directory(source, source.destination.text);
  if (!root) return Declined{"it is not clear where in the context the script is"};
  Manifests all{scripts_brought_by(late, run, copy), {}};
  for (const auto& each : late.script->commands) {
    if (!is_declared(each)) continue;
    const auto directory = context_directory(source, each.command->directory.text);
    if (!directory) return Declined{"it is not clear where in the context the manifests are"};
    auto manifests = find_manifests(run, *each.command->use, {*directory, *root});
    if (!manifests) return manifests;
    for (auto& path : manifests->paths) {
      if (*root != "." && !path_is_under(path, *root)) return Declined{"a manifest is outside the copied directory"};
      if (std::ranges::find(all.paths, path) == all.paths.end()) all.paths.push_back(std::move(path));
    }
    for (auto& assumption : manifests->assumptions)
      if (std::ranges::find(all.assumptions, assumption.id, &Assumption::id) == all.assumptions.end())
        all.assumptions.push_back(std::move(assumption));
  }
  return all;
}

}  // namespace dockhew::inline layers
