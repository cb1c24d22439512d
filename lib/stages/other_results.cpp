#include "stages/other_results.hpp"

#include <algorithm>

#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline stages {
namespace {

bool leaves_nothing(const Site& site, const ToolUse& use) {
  if (!use.tool->launches.empty()) return true;  // it starts a compiler
  const auto* ecosystem = find_ecosystem(*use.tool);
  const auto* runtime = ecosystem == nullptr ? nullptr : ecosystem->runtime;
  return runtime != nullptr && runtime->leaves_nothing != nullptr && runtime->leaves_nothing(site, use);
}

}  // namespace

Obstacle find_result_of_other_tool(const Dockerfile& file, const Stage& stage, Words own) {
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    for (const auto& use : step.script->uses) {
      const auto kind = use.action->kind;
      const bool makes = kind == ActionKind::install || kind == ActionKind::fetch || kind == ActionKind::build;
      if (!makes || use.tool->packages.of_system || std::ranges::find(own, use.tool->id) != own.end() ||
          leaves_nothing({file, stage, step}, use))
        continue;
      return Declined{"`" + std::string(use.command->name()) +
                      "` creates more files, and it is not known where the container looks for them"};
    }
  }
  return std::nullopt;
}

}  // namespace dockhew::inline stages
