#include "layers/dependency_layer.hpp"

#include <algorithm>
#include <span>

#include "caches/cache_directories.hpp"
#include "ecosystems/build_choice.hpp"
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/settings_command.hpp"
#include "ecosystems/settings_directory.hpp"
#include "edits/copy_ahead.hpp"
#include "edits/run_edits.hpp"
#include "effects/environment.hpp"
#include "effects/manifest_copy.hpp"
#include "effects/source_parts.hpp"
#include "effects/unix_effects.hpp"
#include "layers/moved_settings.hpp"
#include "layers/passed_steps.hpp"
#include "model/user.hpp"
#include "text/path.hpp"

namespace dockhew::inline layers {
namespace {

const Step& copy_step(const MissingLayer& missing) { return missing.build.stage.steps[missing.copy]; }

std::string newline(const MissingLayer& missing) { return std::string(missing.build.file.document().newline()); }

std::string joint(const MissingLayer& missing) { return " &&" + continued_line(missing.build.file.document()); }

std::string joined(const MissingLayer& missing, const std::vector<std::string>& commands) {
  std::string text;
  for (const auto& command : commands) text += (text.empty() ? "" : joint(missing)) + command;
  return text;
}

// The step writes beside the manifests. COPY creates directories as root unless it has --chown.
Obstacle obstacle_of_user(const MissingLayer& missing) {
  const auto& user = missing.build.step.user;
  if (!missing.layer.writes_project || may_be_root(user)) return std::nullopt;
  const auto* chown = copy_step(missing).instruction->flag("chown");
  if (chown != nullptr && chown->value.substr(0, chown->value.find(':')) == user.text) return std::nullopt;
  return Declined{"the build runs as `" + user.text +
                  "`, but COPY would create the directory of the manifests as root"};
}

// `pip install uv && uv sync`: a tool that is installed earlier in the same RUN.
bool moves_along(const MissingLayer& missing, const ShellCommand& command) {
  const auto& script = *missing.build.step.script;
  const auto& build = *missing.use->command;
  if (!script.is_straight() || command.nested || command.conditional || command.element >= build.element) return false;
  if (may_hold_settings(missing.build, build.directory.text)) return false;
  const auto& element = script.chain[command.element];
  const auto* use = command.use;
  return element.simple && element.joint == Joint::and_if && use && !use->tool->packages.of_system &&
         use->action->kind == ActionKind::install && installs_by_name(*use);
}

// What chooses the build, where it is repeated with it.
const ChainElement* choice_of(const MissingLayer& missing) {
  return missing.layer.repeats_choice ? choice_of_builds(missing.build, *missing.use) : nullptr;
}

// Whether it does no more than print, make directories or go to another one: `set -e`, `mkdir -p dist`, `cd app`. A
// test decides about what follows it.
bool changes_nothing(const Facts& facts, const ShellCommand& command) {
  if (command.use != nullptr)
    return command.use->tool->packages.of_system && command.use->action->kind == ActionKind::other;
  if (!facts.is_plain(command.name()) || sets_variables(command) || has_operands(facts, command, {Operands::tested}))
    return false;
  auto effects = unix_effects(facts, command);
  effects.changes_shell = false;
  return effects.makes_directories || effects.only_prints();
}

bool changes_nothing(const Facts& facts, const Step& step) {
  return step.script && !step.script->opaque && step.mounts.empty() && !step.script->commands.empty() &&
         std::ranges::all_of(step.script->commands,
                             [&](const ShellCommand& command) { return changes_nothing(facts, command); });
}

// Whether what the dependency step takes over from the RUN has the variable in its text.
bool is_named(const MissingLayer& missing, const std::string& name) {
  const auto& run = *missing.build.step.instruction;
  const auto end = missing.layer.own_command ? run.span.end : run.arguments_text.to_source(std::uint32_t{0});
  const auto text = slice(missing.build.file.source(), {run.span.begin, end});
  return text.find('$' + name) != text.npos || text.find("${" + name) != text.npos;
}

// Whether the dependency step would do something different without the variable.
bool matters(const MissingLayer& missing, const std::string& name) {
  return is_named(missing, name) || missing.layer.reads(name);
}

// `arch="$(apk --print-arch)"`: no command but the shell sees it, unless it was exported before.
bool sets_other_variables(const MissingLayer& missing, const ShellCommand& command) {
  return command.words.empty() && command.redirects.empty() && !command.assignments.empty() &&
         std::ranges::none_of(command.assignments, [&](const ShellAssignment& assignment) {
           return is_named(missing, assignment.name) || missing.build.variable(assignment.name).is_known();
         });
}

// `export GOOS=linux`: variables that the dependency step does not read. A directory appended to PATH hides
// no program of the directories before it.
bool exports_other_variables(const MissingLayer& missing, const ShellCommand& command) {
  if (command.words.size() < 2 || !sets_variables(command) || !command.redirects.empty()) return false;
  return std::all_of(command.words.begin() + 1, command.words.end(), [&](const ShellWord& word) {
    const auto sign = word.raw.find('=');
    if (sign == word.raw.npos || sign == 0 || word.raw.starts_with('-')) return false;
    const auto name = word.raw.substr(0, sign), value = word.raw.substr(sign + 1);
    if (name == "PATH") return value.starts_with("$PATH:") || value.starts_with("${PATH}:");
    return !matters(missing, name);
  });
}

// Whether a command before the build, in its RUN, cannot prepare it.
bool is_of_no_matter(const MissingLayer& missing, const ShellCommand& command) {
  const auto& layer = missing.layer;
  if (changes_nothing(missing.build.file.facts(), command) || sets_other_variables(missing, command) ||
      exports_other_variables(missing, command))
    return true;
  if (command.use != nullptr && command.use->tool == missing.use->tool && layer.ignores != nullptr &&
      layer.ignores(*command.use))
    return true;
  return layer.repeats_settings &&
         (only_sets_settings(missing.build.file, command, missing.project->directory) || moves_along(missing, command));
}

// Commands before the build, in the same RUN, that the dependency step would have to come after: they install a linker,
// add a target, or set a variable.
Obstacle obstacle_in_run(const MissingLayer& missing) {
  const auto& step = missing.build.step;
  const bool sees_source = std::ranges::any_of(
      step.mounts, [](const Mount& mount) { return mount.type == Mount::Type::bind && mount.from.empty(); });
  if (sees_source) return Declined{"the RUN mounts files from the build context, and runs again whenever they change"};
  const bool chosen = choice_of(missing) != nullptr;
  for (const auto& command : step.script->commands) {
    if (command.span.begin >= missing.use->command->span.begin) break;
    if (chosen && command.element == missing.use->command->element) continue;
    if (is_of_no_matter(missing, command)) continue;
    const auto text = step.script->text.view(command.span);
    return Declined{"`" + std::string(text.substr(0, 40)) +
                    "`, which runs before the build in the same RUN, may prepare what the dependencies need"};
  }
  return std::nullopt;
}

// `rm -rf dist`, `cp config.example config`: files of the project that are no manifests.
bool touches_other_files(const MissingLayer& missing, const ShellCommand& command) {
  const auto& facts = missing.build.file.facts();
  if (command.use != nullptr || !facts.is_plain(command.name()) || sets_variables(command) ||
      has_operands(facts, command, {Operands::tested}))
    return false;
  const auto effects = unix_effects(facts, command);
  const auto is_other = [&](const AffectedPath& each) {
    return each.path != missing.directory && path_is_under(each.path, missing.directory) &&
           !is_manifest(facts, each.path) && without_wildcards(each.path) == each.path;
  };
  for (const auto* affected : {&effects.writes, &effects.changes, &effects.removes, &effects.modes, &effects.owners})
    if (affected->may_be_anywhere() || !std::ranges::all_of(affected->paths, is_other)) return false;
  return !effects.changes_shell;
}

// The same in the script that builds.
Obstacle obstacle_in_script(const MissingLayer& missing) {
  if (!missing.script) return std::nullopt;
  for (const auto& each : missing.script->commands) {
    if (each.command == missing.use->command) return std::nullopt;
    if (is_of_no_matter(missing, *each.command) || touches_other_files(missing, *each.command)) continue;
    return Declined{"`" + (each.command->words.empty() ? std::string("=") : each.command->words[0].raw) + "` in `" +
                    each.place + "`, which runs before the build, may prepare what the dependencies need"};
  }
  return std::nullopt;
}

// Whether a COPY may bring the program that installs, or settings of it: `COPY --from=composer /usr/bin/composer
// /usr/bin/`, `COPY npmrc /root/.npmrc`.
bool may_bring_tool(const MissingLayer& missing, const Copy& copy) {
  const auto& destination = copy.destination;
  if (!destination.is_known()) return true;
  if (path_is_under(destination.text, missing.use->command->directory.text)) return false;
  return !copy.from_context() || destination.text.find("/bin") != std::string::npos ||
         may_hold_settings(missing.build, destination.text);
}

// Why the dependency step would have to come after a step between the COPY and the build.
Obstacle obstacle_of_step(const MissingLayer& missing, const Step& step) {
  switch (step.instruction->keyword) {
    case Keyword::run:
      if (changes_nothing(missing.build.file.facts(), step)) return std::nullopt;
      return Declined{"a RUN between the COPY and the build may prepare what the dependencies need"};
    case Keyword::shell:
    case Keyword::user: return Declined{"SHELL or USER changes between the COPY and the build"};
    case Keyword::add:
    case Keyword::copy:
      if (!step.copy || may_bring_tool(missing, *step.copy))
        return Declined{"a COPY between that of the source and the build may bring what the dependencies need"};
      return std::nullopt;
    case Keyword::env:
    case Keyword::arg:
      for (const auto& name : variables_set_by(missing.build.at(step)))
        if (matters(missing, name)) return Declined{"`" + name + "` is set between the COPY and the build"};
      return std::nullopt;
    default: return std::nullopt;
  }
}

// Whether the COPY may come after the step, so that the dependency step can.
bool lets_copy_pass(const MissingLayer& missing, const Step& step) {
  const auto& copy = copy_step(missing);
  const auto keyword = step.instruction->keyword;
  return keyword != Keyword::shell && keyword != Keyword::user && keyword != Keyword::workdir &&
         !cannot_pass(missing.build.at(step), *copy.copy, copy.instruction->text.view());
}

// `RUN poetry config virtualenvs.create false`: a RUN that reads nothing of the source, so that it can go up where the
// COPYs of its parts cannot go down.
bool only_sets_settings(const MissingLayer& missing, const Step& step) {
  if (!step.script || !step.script->is_straight() || !step.instruction->flags.empty()) return false;
  return !step.script->commands.empty() && std::ranges::all_of(step.script->commands, [&](const ShellCommand& command) {
    return only_sets_settings(missing.build.file, command, missing.project->directory);
  });
}

// The step after which the dependency step goes, and the COPY with it: the COPY's own index where both stay.
Outcome<std::size_t> find_place(const MissingLayer& missing) {
  const auto& stage = missing.build.stage;
  auto place = missing.copy;
  for (auto i = missing.copy + 1; i < missing.run(); ++i) {
    const auto obstacle = obstacle_of_step(missing, stage.steps[i]);
    if (!obstacle || (missing.in_parts && only_sets_settings(missing, stage.steps[i]))) continue;
    if (missing.in_parts) return *obstacle;
    for (; place < i; ++place)
      if (!lets_copy_pass(missing, stage.steps[place + 1])) return *obstacle;
  }
  const auto& copy = *copy_step(missing).instruction;
  if (copy.flag("link") != nullptr || copy.flag("parents") != nullptr ||
      (place != missing.copy && copy.flag("exclude") != nullptr))
    return Declined{"the COPY has flags that cannot be used for the manifests"};
  return place;
}

// What makes the step run in the same directory as the build: an instruction before it, or a command at its beginning.
struct Place {
  std::string instruction, command;
};

// A later WORKDIR may be moved here, unless a path in between is relative to another directory.
bool can_set_directory_now(const MissingLayer& missing) {
  const auto passed = std::span(missing.build.stage.steps).subspan(missing.copy, missing.run() - missing.copy);
  const auto later =
      std::ranges::find_if(passed, [](const Step& step) { return step.instruction->keyword == Keyword::workdir; });
  return later != passed.end() && later->instruction->arguments[0].text.starts_with('/') &&
         std::all_of(passed.begin(), later,
                     [](const Step& step) { return !step.copy || step.copy->destination_text.starts_with('/'); }) &&
         missing.build.step.workdir.is(missing.use->command->directory.text) && may_be_root(copy_step(missing).user);
}

Outcome<Place> working_directory(const MissingLayer& missing) {
  const auto& copy = copy_step(missing);
  const auto& directory = missing.directory;
  if (copy.workdir.is(directory)) return Place{};
  const bool absolute = copy.copy->destination_text.starts_with('/');
  // `cd` in the RUN itself; copying the manifests has created the directory.
  if (copy.workdir.is_known() && missing.build.step.workdir == copy.workdir) {
    const bool below = path_is_under(directory, copy.workdir.text);
    const auto path = below ? relative_path(copy.workdir.text, directory) : directory;
    if (below || absolute) return Place{{}, "cd " + path + joint(missing)};
  }
  if (absolute && can_set_directory_now(missing))
    return Place{"WORKDIR " + missing.use->command->directory.text + newline(missing), {}};
  if (directory.starts_with('/')) return Place{{}, "cd " + directory + joint(missing)};
  return Declined{"the build and the COPY of the source have different working directories"};
}

// Whether one of the COPYs right before that of the source has put the file where this one does, as it is.
bool is_just_copied(const MissingLayer& missing, const std::string& path) {
  const auto& source = copy_step(missing);
  if (path_parent(path) != missing.project->root || !source.instruction->flags.empty()) return false;
  for (auto i = missing.copy; i-- > 0;) {
    const auto& step = missing.build.stage.steps[i];
    if (!step.copy || !step.copy->from_context() || !step.instruction->flags.empty()) return false;
    const auto& copy = *step.copy;
    const bool into = copy.directory && copy.destination == source.copy->destination;
    const auto has = [&](const CopySource& each) {
      return each.known && !each.heredoc && clean_path('/' + each.text) == '/' + path;
    };
    if (into && copy.destination.is_known() && std::ranges::any_of(copy.sources, has)) return true;
  }
  return false;
}

// The COPYs of the manifests, to go before the COPY of the source. Where the source is copied in parts, some manifests
// may already be there, others have a COPY that can be moved up, and others are not needed at all.
std::optional<std::string> manifest_copies(const MissingLayer& missing, const std::vector<std::string>& paths,
                                           Reordering& made) {
  const auto& [file, stage, build] = missing.build;
  const auto& first = copy_step(missing);
  const auto& project = missing.use->command->directory;
  if (!missing.in_parts) {
    auto rest = paths;
    std::erase_if(rest, [&](const std::string& path) { return is_just_copied(missing, path); });
    return copy_ahead(file, first, missing.project->root, rest);
  }
  std::vector<std::string> absent;
  for (const auto& path : paths)
    if (!is_brought(file, stage, missing.copy, project.text, path) &&
        is_brought(file, stage, missing.run(), project.text, path))
      absent.push_back(path);
  std::string text;
  for (auto i = missing.copy + 1; i < missing.run(); ++i) {
    const auto& step = stage.steps[i];
    if (!step.copy || !step.copy->from_context() || !copies_only_manifests(file, *step.copy) ||
        step.workdir != first.workdir || !path_is_under(step.copy->destination.text, project.text))
      continue;
    const auto& copy = *step.copy;
    if (std::erase_if(absent, [&](const auto& path) { return copy_brings(missing.build.file, copy, path); }) == 0)
      continue;
    const auto lines = instruction_lines(file.document(), *step.instruction);
    text += slice(file.source(), lines);
    made.edits.push_back({lines, ""});
    made.moves.push_back(lines);
  }
  const auto rest =
      copy_files(file, first, first.workdir == project ? "./" : project.text, missing.project->root, absent);
  return rest ? std::optional(text + *rest) : std::nullopt;
}

// A mount on a cache that only builds fill is of no use to a step that compiles nothing.
bool is_for_builds(const MissingLayer& missing, const Flag& flag) {
  if (missing.layer.compiles) return false;
  for (const auto& directory : cache_directories(missing.build, *missing.use))
    for (const auto& mount : missing.build.step.mounts)
      if (directory.cache->builds_only && mount.span.begin == flag.span.begin && mount.type == Mount::Type::cache &&
          directory.path == mount.target)
        return true;
  return false;
}

// The flags of the building RUN: the dependency step needs the same caches. If the build has no mounts yet, the step
// gets none either, so that what it fetches is in a layer where the build finds it.
std::string run_prefix(const MissingLayer& missing) {
  const auto& file = missing.build.file;
  std::string text = "RUN ";
  for (const auto& flag : missing.build.step.instruction->flags)
    if (!is_for_builds(missing, flag))
      text += std::string(slice(file.source(), flag.span)) + continued_line(file.document());
  return text;
}

// Variables that are set only for the build command and that its downloads need too: `GOPRIVATE=example.com `.
Outcome<std::string> settings_of_command(const MissingLayer& missing) {
  std::string text;
  if (missing.layer.own_command) return text;  // it has them
  for (const auto& assignment : missing.use->command->assignments) {
    if (!missing.layer.reads(assignment.name)) continue;
    if (assignment.value.raw.find('$') != std::string::npos || missing.script)
      return Declined{"`" + assignment.name + "` is set to a value that may depend on the source"};
    text += assignment.name + '=' + assignment.value.raw + ' ';
  }
  return text;
}

// Settings that the tool is given before, it is given here too; if it is installed before, it is installed here.
std::string repeated_commands(const MissingLayer& missing, Reordering& made) {
  std::string text;
  if (!missing.layer.repeats_settings) return text;
  const auto& script = *missing.build.step.script;
  for (const auto& earlier : script.commands) {
    if (earlier.span.begin >= missing.use->command->span.begin) break;
    const bool moves = moves_along(missing, earlier);
    if (!moves && !only_sets_settings(missing.build.file, earlier, missing.project->directory)) continue;
    text += std::string(script.text.view(earlier.span)) + joint(missing);
    const Span gone{script.chain[earlier.element].span.begin, script.chain[earlier.element + 1].span.begin};
    if (moves) made.edits.push_back({script.to_source(gone), ""});
  }
  return text;
}

Obstacle obstacle_of_parts(const MissingLayer& missing, const DependencyStep& step) {
  if (!missing.in_parts) return std::nullopt;
  for (const auto& path : step.needed)
    if (!is_brought(missing.build.file, missing.build.stage, missing.run(), missing.use->command->directory.text, path))
      return Declined{"`" + path + "` is part of the project but is not copied"};
  return std::nullopt;
}

// The RUNs between the parts of the source that only set settings, to go before the manifests.
std::string moved_settings(const MissingLayer& missing, Reordering& made) {
  std::string text;
  if (!missing.in_parts) return text;
  const auto& document = missing.build.file.document();
  for (auto i = missing.copy + 1; i < missing.run(); ++i) {
    const auto& step = missing.build.stage.steps[i];
    if (!only_sets_settings(missing, step)) continue;
    const auto lines = instruction_lines(document, *step.instruction);
    text += slice(missing.build.file.source(), lines);
    made.edits.push_back({lines, ""});
    made.moves.push_back(lines);
  }
  return text;
}

// Puts the lines before the COPY, and the COPY with them after the steps that they need.
void put_step(const MissingLayer& missing, std::size_t after, std::string lines, Reordering& made) {
  const auto& document = missing.build.file.document();
  const auto copy = instruction_lines(document, *copy_step(missing).instruction);
  if (after == missing.copy) return void(made.edits.push_back({{copy.begin, copy.begin}, std::move(lines)}));
  lines += slice(missing.build.file.source(), copy);
  made.edits.push_back({lines_to_vacate(document, copy, copy), ""});
  made.edits.push_back(insert_lines_after(document, *missing.build.stage.steps[after].instruction, std::move(lines)));
  made.moves.push_back(copy);
}

// Whether copying the manifests creates the directory that the step runs in: `dotnet build ../src/a.csproj` may run
// where none of them is.
bool creates_directory(const MissingLayer& missing, const DependencyStep& step) {
  const auto& directory = missing.project->directory;
  return std::ranges::any_of(step.manifests, [&](const std::string& manifest) {
    return directory == "." || manifest.starts_with(directory + '/');
  });
}

// The dependency step, before the COPY of the source. Copying the manifests creates the directory, because a WORKDIR
// would create it with another owner.
Outcome<Reordering> edits_for(const MissingLayer& missing, std::size_t after, DependencyStep step) {
  const auto place = working_directory(missing);
  if (!place) return place.declined();
  if (!place->command.empty() && !creates_directory(missing, step))
    return Declined{"the build runs in `" + missing.directory + "`, which only the COPY of the source creates"};
  const auto settings = settings_of_command(missing);
  if (!settings) return settings.declined();
  Reordering made;
  const auto moved = moved_settings(missing, made);
  const auto copies = manifest_copies(missing, step.manifests, made);
  if (!copies) return Declined{"the name of a manifest cannot be written as a plain word in COPY"};
  const auto commands = repeated_commands(missing, made) + *settings + joined(missing, step.commands);
  put_step(missing, after,
           moved + *copies + place->instruction + run_prefix(missing) + place->command + commands + newline(missing),
           made);
  const auto* choice = choice_of(missing);
  const auto& built = choice != nullptr ? choice->span : missing.use->command->span;
  const auto build = missing.build.step.script->text.to_source(built.begin);
  if (!step.before_build.empty())
    made.edits.push_back({{build, build}, joined(missing, step.before_build) + joint(missing)});
  made.assumptions = std::move(step.assumptions);
  return made;
}

}  // namespace

Outcome<Reordering> add_dependency_layer(const MissingLayer& missing) {
  if (!missing.project)
    return Declined{"the COPY names several sources, so it is not clear which one contains the manifests"};
  const auto place = find_place(missing);
  if (!place) return place.declined();
  for (const auto obstacle : {obstacle_in_run, obstacle_in_script, obstacle_of_user})
    if (auto found = obstacle(missing)) return *found;
  auto step = find_ecosystem(*missing.use->tool)->dependency_step(missing.build, *missing.use, *missing.project);
  if (!step) return step.declined();
  if (missing.script && !step->before_build.empty())
    return Declined{"what has to be done right before the build would stand in `" +
                    missing.script->files.front().source + '`'};
  if (auto obstacle = obstacle_of_parts(missing, *step)) return *obstacle;
  if (auto obstacle = outer_settings_that_move(missing.build, *missing.use, missing.copy, step->manifests))
    return *obstacle;
  return edits_for(missing, *place, std::move(*step));
}

}  // namespace dockhew::inline layers
