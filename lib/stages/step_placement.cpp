#include "stages/step_placement.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/system/installed_packages.hpp"
#include "effects/manifest_copy.hpp"
#include "text/path.hpp"

namespace dockhew {
namespace {

constexpr std::array<std::string_view, 4> creates_users = {"useradd", "groupadd", "adduser", "addgroup"};
// Cheap, repeatable, and about the image rather than the build.
constexpr std::array<std::string_view, 8> prepares_image = {"mkdir", "chown", "chmod", "ln",
                                                            "touch", "set",   "true",  "echo"};
constexpr std::array<std::string_view, 10> moves_files = {"cp", "mv",   "install", "strip", "rm",
                                                          "cd", "test", "[",       "ls",    "printf"};

bool is_in(std::string_view name, std::span<const std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

// `rm -rf /var/lib/apt/lists/*`: nothing that exists in the runtime stage.
bool empties_caches(const ShellCommand& command) {
  constexpr std::array<std::string_view, 5> caches = {"/var/lib/apt/", "/var/cache/", "/tmp/", "/var/tmp/",
                                                      "/root/.cache"};
  return command.name() == "rm" &&
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
  std::string unknown;
};

Purpose purpose_of(const Step& step) {
  Purpose purpose;
  for (const auto& command : step.script->commands) {
    if (command.words.empty()) continue;
    const auto name = command.name();
    const auto* use = command.use;
    if (use && use->tool->system_packages) {
      purpose.packages = true;
      purpose.installs |= use->action->kind == ActionKind::install;
      const bool removes = removes_packages(command);
      purpose.removes |= removes;
      for (const auto i : use->operands)
        if (const auto& raw = command.words[i].raw; removes && !is_removal(raw)) purpose.removed.push_back(raw);
    } else if (use || sets_up_tool(name)) purpose.tools = true;
    else if (is_in(name, creates_users)) purpose.users = true;
    else if (is_in(name, prepares_image)) purpose.prepares = true;
    else if (empties_caches(command)) purpose.cleans = true;
    else if (is_in(name, moves_files)) purpose.moves = true;
    else purpose.unknown = name;
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
  if (purpose.users && (purpose.tools || purpose.moves || purpose.cleans || (purpose.packages && before_build)))
    return Declined{"a RUN does more than create users"};
  if (purpose.tools) {
    if (after_build) return Declined{"a RUN after the build uses a build tool"};
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

// Where the project is built: where its build tool runs.
Value project_directory(const Step& build) {
  for (const auto& command : build.script->commands)
    if (command.use != nullptr) return command.directory;
  return build.workdir;
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

// `rm -rf /src` in a RUN of the builder only: the final image has no such files.
bool is_removed_in_builder(const Stage& stage, const std::vector<Place>& places, std::size_t copy) {
  const auto& destination = stage.steps[copy].copy->destination;
  for (auto i = copy + 1; destination.is_known() && i < places.size(); ++i) {
    if (!stage.steps[i].script || places[i].runtime) continue;
    for (const auto& command : stage.steps[i].script->commands)
      if (command.name() == "rm" && !command.conditional)
        for (std::size_t w = 1; w < command.words.size(); ++w)
          if (const auto path = path_of(command, command.words[w]); path && path_is_under(destination.text, *path))
            return true;
  }
  return false;
}

}  // namespace

Outcome<Placement> place_steps(const Stage& stage, std::size_t build, bool runs_source) {
  Placement result;
  result.places.resize(stage.steps.size());
  const auto project = project_directory(stage.steps[build]);
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
        const auto purpose = purpose_of(step);
        const auto obstacle = i > build && purpose.removes ? place_removal(purpose, installed, place)
                                                           : place_run(purpose, i<build, i> build, runs_source, place);
        if (obstacle) return *obstacle;
        if (purpose.packages && !place.runtime && i <= build) {
          result.package_steps.push_back(i);
          for (const auto& use : step.script->uses)
            if (use.tool->system_packages)
              for (const auto operand : use.operands) installed.push_back(use.command->words[operand].raw);
        }
        break;
      }
      case Keyword::copy:
      case Keyword::add: {
        const bool for_build = step.copy && step.copy->from_context() && copies_project(*step.copy, project);
        place = {i<build, i> build || runs_source || !for_build};
        break;
      }
      default: place = {false, true};  // configuration
    }
  }
  for (std::size_t i = 0; i < stage.steps.size(); ++i)
    if (auto& place = result.places[i]; place.builder && place.runtime && stage.steps[i].copy)
      place.runtime = !is_removed_in_builder(stage, result.places, i);
  // Files that are moved after the build are moved in the builder too, so settings for them stay with them.
  auto last = stage.steps.size();
  while (last > build + 1 && !result.places[last - 1].builder) --last;
  for (auto i = build + 1; i < last; ++i) result.places[i].builder |= is_setting(stage.steps[i].instruction->keyword);
  return result;
}

bool is_covered_later(const Dockerfile& file, const Stage& stage, const Placement& placement, std::size_t step) {
  const auto& copy = stage.steps[step].copy;
  if (!placement.places[step].builder || !copy || !copy->from_context() || !copies_only_manifests(file, *copy) ||
      !copy->destination.is_known())
    return false;
  return std::ranges::any_of(std::span(stage.steps).subspan(step + 1), [&](const Step& later) {
    return later.copy && later.copy->from_context() && later.copy->sources.size() == 1 &&
           later.copy->destination == copy->destination && clean_path("/" + later.copy->sources[0].text) == "/";
  });
}

}  // namespace dockhew
