#include "stages/other_tools.hpp"

#include "model/site.hpp"

#include <algorithm>

namespace dockhew {
namespace {

// They make nothing of their own: package managers for package managers, and what stands in front of a compiler.
bool makes_nothing(const Tool& tool) { return tool.id == "corepack" || !tool.launches.empty(); }

bool turns_environments_off(const Site& site) {
  const auto variable = site.variable("POETRY_VIRTUALENVS_CREATE");
  if (variable.is("false") || variable.is("0")) return true;
  return std::ranges::any_of(site.stage.steps, [&](const Step& earlier) {
    return earlier.index <= site.step.index && earlier.script &&
           std::ranges::any_of(earlier.script->commands, [](const ShellCommand& command) {
             return command.name() == "poetry" && command.has_word("virtualenvs.create") && command.has_word("false");
           });
  });
}

bool installs_into_interpreter(const Site& site, const ToolUse& use) {
  const auto& id = use.tool->id;
  if (id == "pipenv") return use.has_option("--system");
  if (id == "uv") return use.has_option("--system") && use.command->has_word("pip");
  return id == "poetry" && turns_environments_off(site);
}

}  // namespace

std::string find_result_of_other_tool(const Dockerfile& file, const Stage& stage,
                                      const std::function<bool(const Tool&)>& is_own) {
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    for (const auto& use : step.script->uses) {
      const auto kind = use.action->kind;
      const bool makes = kind == ActionKind::install || kind == ActionKind::fetch || kind == ActionKind::build;
      if (!makes || use.tool->system_packages || is_own(*use.tool) || makes_nothing(*use.tool) ||
          installs_into_interpreter({file, stage, step}, use))
        continue;
      return "`" + std::string(use.command->name()) +
             "` makes files besides, and where the container looks for them is not known";
    }
  }
  return {};
}

}  // namespace dockhew
