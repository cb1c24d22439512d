#include "stages/other_results.hpp"

#include <algorithm>

#include "ecosystems/ecosystem.hpp"
#include "text/path.hpp"

namespace dockhew::inline stages {
namespace {

bool leaves_nothing(const Site& site, const ToolUse& use) {
  if (!use.tool->launches.empty()) return true;  // it starts a compiler
  const auto* runtime = runtime_of(use);
  return runtime != nullptr && runtime->leaves_nothing != nullptr && runtime->leaves_nothing(site, use);
}

// `yarn install` in a project that is taken as a whole; `npm install -g yarn`, which the runtime stage does too.
bool is_taken(const Runtime& own, const ToolUse& use, const Value& project) {
  const auto* runtime = runtime_of(use);
  if (runtime == nullptr) return false;
  if (!own.compiled && runtime->installs_tools != nullptr && runtime->installs_tools(use)) return true;
  return project.is_known() && runtime->works_in_project != nullptr && runtime->works_in_project(use) &&
         use.command->directory.is_known() && path_is_under(use.command->directory.text, project.text);
}

}  // namespace

Obstacle find_result_of_other_tool(const Dockerfile& file, const Stage& stage, const Runtime& runtime,
                                   const Value& project) {
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    for (const auto& use : step.script->uses) {
      const auto kind = use.action->kind;
      const bool makes = kind == ActionKind::install || kind == ActionKind::fetch || kind == ActionKind::build;
      if (!makes || use.tool->packages.of_system ||
          std::ranges::find(runtime.tools, use.tool->id) != runtime.tools.end() ||
          leaves_nothing({file, stage, step}, use) || is_taken(runtime, use, project))
        continue;
      return Declined{"`" + std::string(use.command->name()) +
                      "` creates more files, and it is not known where the container looks for them"};
    }
  }
  return std::nullopt;
}

}  // namespace dockhew::inline stages
