#include "rewrite/step_placement.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "model/tool_use.hpp"
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

// What the commands of a RUN are for.
struct Purpose {
  bool tools = false, users = false, prepares = false, moves = false, packages = false;
  std::string unknown;
};

Purpose purpose_of(const Dockerfile& file, const Step& step) {
  Purpose purpose;
  for (const auto& command : step.script->commands) {
    if (command.words.empty()) continue;
    const auto name = command.name();
    const auto use = find_tool_use(file.facts(), command);
    if (use && use->tool->id == "apt") purpose.packages = true;
    else if (use || name == "rustup") purpose.tools = true;
    else if (is_in(name, creates_users)) purpose.users = true;
    else if (is_in(name, prepares_image)) purpose.prepares = true;
    else if (is_in(name, moves_files)) purpose.moves = true;
    else purpose.unknown = name;
  }
  return purpose;
}

std::string place_run(const Purpose& purpose, bool before_build, bool behind_build, bool runs_source, Place& place) {
  if (!purpose.unknown.empty() && !purpose.tools)
    return "whether `" + purpose.unknown + "` is for the build or for the image is not known";
  if (purpose.users && (purpose.tools || purpose.moves || (purpose.packages && before_build)))
    return "a RUN does more than create users";
  if (purpose.tools) {
    if (behind_build) return "a RUN behind the build uses a build tool";
    place = {true, false};
  } else if (purpose.packages) {
    place = {before_build, !before_build};
  } else if (purpose.moves) {
    place = {before_build || !runs_source, runs_source};
  } else {
    place = {before_build, purpose.users || purpose.prepares};
    if (!place.runtime) place.builder = true;
  }
  return {};
}

// Where the project is built: where its build tool runs.
Value project_directory(const Dockerfile& file, const Step& build) {
  for (const auto& command : build.script->commands)
    if (find_tool_use(file.facts(), command)) return command.directory;
  return build.workdir;
}

// The project itself, rather than a configuration or data that the image has besides it.
bool copies_project(const Copy& copy, const Value& project) {
  if (!copy.destination.is_known() || !project.is_known()) return true;
  return path_is_under(copy.destination.text, project.text) || path_is_under(project.text, copy.destination.text);
}

}  // namespace

Placement place_steps(const Dockerfile& file, const Stage& stage, std::size_t build, bool runs_source) {
  Placement result;
  result.places.resize(stage.steps.size());
  const auto project = project_directory(file, stage.steps[build]);
  for (std::size_t i = 0; i < stage.steps.size() && result.declined.empty(); ++i) {
    const auto& step = stage.steps[i];
    auto& place = result.places[i];
    switch (step.instruction->keyword) {
      case Keyword::env:
      case Keyword::arg:
      case Keyword::workdir:
      case Keyword::shell:
      case Keyword::user: place = {i <= build, true}; break;
      case Keyword::run: {
        const auto purpose = purpose_of(file, step);
        result.declined = place_run(purpose, i<build, i> build, runs_source, place);
        if (purpose.packages && !place.runtime) result.package_steps.push_back(i);
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
  return result;
}

}  // namespace dockhew
