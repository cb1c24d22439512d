#include "stages/step_placement.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/system/installed_packages.hpp"
#include "effects/accounts.hpp"
#include "effects/manifest_copy.hpp"
#include "effects/plain_effects.hpp"
#include "effects/removed_files.hpp"
#include "effects/source_copy.hpp"
#include "effects/unix_effects.hpp"
#include "text/path.hpp"

namespace dockhew::inline stages {
namespace {

// Cheap, repeatable, and about the image rather than the build: mkdir, chown, ln, echo.
bool prepares_image(const Facts& facts, const ShellCommand& command) {
  return facts.is_plain(command.name()) &&
         has_operands(facts, command,
                      {Operands::none, Operands::written, Operands::linked, Operands::moded, Operands::owned});
}

// About files that are there: cp, strip, rm, cd, test.
bool moves_files(const Facts& facts, const ShellCommand& command) {
  return has_plain_effects(facts, command) && has_operands(facts, command,
                                                           {Operands::copied, Operands::moved, Operands::changed,
                                                            Operands::removed, Operands::read, Operands::tested});
}

// `rm -rf /var/lib/apt/lists/*`: nothing that exists in the runtime stage.
bool empties_caches(const Facts& facts, const ShellCommand& command) {
  constexpr std::array<std::string_view, 5> caches = {"/var/lib/apt/", "/var/cache/", "/tmp/", "/var/tmp/",
                                                      "/root/.cache"};
  return has_operands(facts, command, {Operands::removed}) &&
         std::all_of(command.words.begin() + 1, command.words.end(), [&](const ShellWord& word) {
           const std::string_view raw = word.raw;
           return raw.starts_with('-') ||
                  std::ranges::any_of(caches, [&](std::string_view cache) { return raw.starts_with(cache); });
         });
}

// What the commands of a RUN are for.
struct Purpose {
  bool tools = false, users = false, prepares = false, moves = false, packages = false;
  bool installs = false;             // system packages
  std::vector<std::string> removed;  // of them; also empty when everything not needed is removed
  bool removes = false, cleans = false;
  std::vector<std::string> configured;  // programs that it sets up
  bool runs_source = false;             // programs of the source, which make something for the image
  bool programs = false;                // programs for the container, which its own tool installs
  std::string unknown;
  std::string tool;  // the first that works for the build
};

bool installs_programs(const Runtime& runtime, const Stage& stage, const ToolUse& use) {
  if (runtime.installs_programs != nullptr && runtime.installs_programs(stage, use)) return true;
  const auto* other = runtime_of(use);
  return !runtime.compiled && other != &runtime && other != nullptr && other->installs_tools != nullptr &&
         other->installs_tools(use);
}

Purpose purpose_of(const Facts& facts, const Runtime& runtime, const Stage& stage, const Step& step) {
  Purpose purpose;
  for (const auto& command : step.script->commands) {
    if (command.words.empty()) continue;
    const auto name = command.name();
    const auto* use = command.use;
    const bool had_tool = purpose.tools;
    if (use && use->tool->packages.of_system) {
      purpose.packages = true;
      purpose.installs |= use->action->kind == ActionKind::install;
      const bool removes = removes_packages(command);
      purpose.removes |= removes;
      for (const auto i : use->operands)
        if (removes) purpose.removed.push_back(command.words[i].raw);
    } else if (use && installs_programs(runtime, stage, *use)) purpose.programs = true;
    else if (use || sets_up_tool(name) || part_of_command(runtime, command)) purpose.tools = true;
    else if (is_repeated(runtime, command)) purpose.moves = true;
    else if (runs_source(runtime, stage, command)) purpose.runs_source = true;
    else if (configures_tool(facts, command)) purpose.tools = true, purpose.configured.push_back(name);
    else if (creates_accounts(facts, command)) purpose.users = true;
    else if (prepares_image(facts, command)) purpose.prepares = true;
    else if (empties_caches(facts, command)) purpose.cleans = true;
    else if (moves_files(facts, command)) purpose.moves = true;
    else if (!only_reads(facts, command)) purpose.unknown = name;
    if (purpose.tools && !had_tool) purpose.tool = name;
  }
  return purpose;
}

// What a RUN after the build removes again was installed for the build, and is not in the runtime stage.
Obstacle place_removal(const Purpose& purpose, const std::vector<std::string>& installed, Place& place) {
  const auto own = std::ranges::count_if(
      purpose.removed, [&](const std::string& name) { return std::ranges::find(installed, name) != installed.end(); });
  const auto all = static_cast<std::ptrdiff_t>(purpose.removed.size());
  if (purpose.installs || purpose.users || purpose.prepares || purpose.moves || own != all)
    return Declined{"a RUN after the build does more than remove the packages that were installed for the build"};
  place = {false, false};
  return std::nullopt;
}

Obstacle place_run(const Purpose& purpose, bool before_build, bool after_build, bool runs_source, Place& place) {
  if (!purpose.unknown.empty() && !purpose.tools)
    return Declined{"it is not known whether `" + purpose.unknown + "` is for the build or for the image"};
  if (purpose.programs) {
    if (purpose.tools || purpose.users || purpose.packages || purpose.moves || purpose.runs_source ||
        !purpose.unknown.empty())
      return Declined{"a RUN does more than install programs that the container may start"};
    place = {before_build, true};
    return std::nullopt;
  }
  if (purpose.users && (purpose.tools || purpose.moves || purpose.cleans || (purpose.packages && before_build)))
    return Declined{"a RUN does more than create users"};
  if (purpose.runs_source && (purpose.tools || purpose.packages || !after_build || !runs_source))
    return Declined{"a RUN uses the source, and does more than that or comes before the installation"};
  if (purpose.runs_source) {
    place = {false, true};
  } else if (purpose.tools) {
    if (after_build)
      return Declined{"`" + purpose.tool +
                      "` runs after what is taken for the build, and what of its results the image needs is not known"};
    place = {true, false};
  } else if (purpose.packages) {
    place = {before_build, !before_build};
  } else if (purpose.moves || purpose.cleans) {
    place = {before_build || !runs_source, runs_source};
  } else {
    place = {before_build, purpose.users || purpose.prepares};
    if (!place.runtime) place.builder = true;
  }
  return std::nullopt;
}

// What applies to the steps after it.
bool is_setting(Keyword keyword) {
  return keyword == Keyword::env || keyword == Keyword::arg || keyword == Keyword::workdir ||
         keyword == Keyword::shell || keyword == Keyword::user;
}

// The project itself, rather than configuration or data that the image contains in addition.
bool copies_project(const Copy& copy, const Value& project) {
  if (!copy.destination.is_known() || !project.is_known()) return true;
  return path_is_under(copy.destination.text, project.text) || path_is_under(project.text, copy.destination.text);
}

// `COPY --from=ghcr.io/astral-sh/uv /uv /bin/`: what installs the packages, and nothing starts.
bool copies_installer(const Runtime& runtime, const Copy& copy) {
  return !copy.from_context() && !copy.stage && !copy.sources.empty() &&
         std::ranges::all_of(copy.sources, [&](const CopySource& source) {
           return source.known && std::ranges::find(runtime.copied_installers, path_basename(source.text)) !=
                                      runtime.copied_installers.end();
         });
}

// `rm -rf /src` in a RUN of the builder only: the final image has no such files.
bool is_removed_in_builder(const Facts& facts, const Stage& stage, const std::vector<Place>& places, std::size_t copy) {
  const auto& destination = stage.steps[copy].copy->destination;
  for (auto i = copy + 1; destination.is_known() && i < places.size(); ++i)
    if (!places[i].runtime && removal_by(facts, stage.steps[i], destination.text) == Removal::yes) return true;
  return false;
}

// `chown -R app ~/*`, `cp package.json /etc/app.json`: it fails where the files are not there.
bool needs_files(const Facts& facts, const Step& step) {
  if (!step.script) return false;
  return std::ranges::any_of(step.script->commands, [&](const ShellCommand& command) {
    if (command.use != nullptr) return false;
    const auto effects = unix_effects(facts, command);
    const auto any = [](const AffectedPaths& paths) { return paths.anything || !paths.paths.empty(); };
    return any(effects.reads) || any(effects.changes) || any(effects.modes) || any(effects.owners);
  });
}

}  // namespace

// What it sets is for the tool in the builder, as long as the runtime stage has none.
bool configures_tool(const Facts& facts, const ShellCommand& command) {
  return has_operands(facts, command, {Operands::cloned}) && command.words.size() > 1 &&
         command.words[1].value.is("config");
}

Value built_directory(const Runtime& runtime, const Stage& stage, const Step& build) {
  if (runtime.project != nullptr) return runtime.project(stage, build);
  for (const auto& use : build.script->uses)
    if (use.action->kind == ActionKind::build || use.action->kind == ActionKind::install) return use.command->directory;
  return build.workdir;
}

Outcome<Placement> place_steps(const Facts& facts, const Runtime& runtime, const Stage& stage, std::size_t build,
                               bool runs_source) {
  Placement result;
  result.places.resize(stage.steps.size());
  const auto project = built_directory(runtime, stage, stage.steps[build]);
  std::vector<std::string> installed;  // system packages, until the build
  for (std::size_t i = 0; i < stage.steps.size(); ++i) {
    const auto& step = stage.steps[i];
    auto& place = result.places[i];
    if (is_setting(step.instruction->keyword)) {
      place = {i <= build, true};
      continue;
    }
    switch (step.instruction->keyword) {
      case Keyword::run: {
        const auto purpose = purpose_of(facts, runtime, stage, step);
        const auto obstacle = i > build && purpose.removes ? place_removal(purpose, installed, place)
                                                           : place_run(purpose, i<build, i> build, runs_source, place);
        if (obstacle) return *obstacle;
        result.configured.insert(result.configured.end(), purpose.configured.begin(), purpose.configured.end());
        if (purpose.packages && !place.runtime && i <= build) {
          result.package_steps.push_back(i);
          for (const auto& use : step.script->uses)
            if (use.tool->packages.of_system)
              for (const auto operand : use.operands) installed.push_back(use.command->words[operand].raw);
        }
        break;
      }
      case Keyword::copy:
      case Keyword::add: {
        const bool for_build = step.copy && step.copy->from_context() && copies_project(*step.copy, project);
        const bool is_tool = step.copy && i < build && copies_installer(runtime, *step.copy);
        place = {i < build, !is_tool && (i > build || runs_source || !for_build)};
        break;
      }
      default: place = {false, true};  // configuration
    }
  }
  for (std::size_t i = 0; i < stage.steps.size(); ++i)
    if (auto& place = result.places[i]; place.builder && place.runtime && stage.steps[i].copy)
      place.runtime = !is_removed_in_builder(facts, stage, result.places, i);
  // Files that are moved after the build are moved in the builder too, so settings for them stay with them.
  auto last = stage.steps.size();
  while (last > build + 1 && !result.places[last - 1].builder) --last;
  for (auto i = build + 1; i < last; ++i) result.places[i].builder |= is_setting(stage.steps[i].instruction->keyword);
  return result;
}

namespace {

// Whether a COPY of one directory brings all that another one brings, to the same places.
bool brings_all_of(const Copy& later, const Copy& copy) {
  if (!later.from_context() || later.sources.size() != 1 || !later.destination.is_known()) return false;
  return std::ranges::all_of(copy.sources, [&](const CopySource& source) {
    const auto path = clean_path("/" + source.text).substr(1);
    const auto& place = copy.destination.text;
    const bool into = copy.directory || path_basename(place) != path_basename(path);
    const auto directory = context_directory(later, into ? std::string_view(place) : path_parent(place));
    return source.known && !source.heredoc && directory == std::string(path_parent(path));
  });
}

}  // namespace

bool is_covered_later(const Dockerfile& file, const Stage& stage, const Placement& placement, std::size_t step) {
  const auto& copy = stage.steps[step].copy;
  if (!placement.places[step].builder || !copy || !copy->from_context() || !copies_only_manifests(file, *copy) ||
      !copy->destination.is_known())
    return false;
  for (auto i = step + 1; i < stage.steps.size(); ++i) {
    const auto& later = stage.steps[i];
    if (later.copy && brings_all_of(*later.copy, *copy)) return true;
    if (placement.places[i].runtime && needs_files(file.facts(), later)) return false;
  }
  return false;
}

}  // namespace dockhew::inline stages
