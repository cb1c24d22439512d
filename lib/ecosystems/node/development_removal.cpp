#include "ecosystems/node/development_removal.hpp"

#include <algorithm>

#include "ecosystems/installation.hpp"
#include "ecosystems/node/development_needs.hpp"
#include "ecosystems/node/global_packages.hpp"
#include "ecosystems/node/omitted_development.hpp"
#include "ecosystems/node/package_json.hpp"
#include "ecosystems/node/production_start.hpp"
#include "ecosystems/node/project_place.hpp"
#include "ecosystems/runtime.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

bool prunes(const Stage& stage) {
  return std::ranges::any_of(stage.steps, [](const Step& step) {
    return step.script && std::ranges::any_of(step.script->commands, [](const ShellCommand& command) {
             return (command.name() == "npm" || command.name() == "pnpm") && command.has_word("prune");
           });
  });
}

}  // namespace

bool is_of_project(const ToolUse& use) {
  return is_package_manager(use.tool->id) && *part_of_action(use) != BuildPart::nothing &&
         !installs_package_manager(use) && !installs_build_tools(use) && !installs_servers(use);
}

PackageUses find_package_uses(const Dockerfile& file, const Stage& stage, const std::string& project) {
  PackageUses result;
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    for (const auto& use : step.script->uses) {
      if (!is_of_project(use)) continue;
      if (result.manager.empty()) result.manager = use.tool->id;
      result.one_manager &= result.manager == use.tool->id;
      result.all_here &= directory_of_use(use).is(project);
      if (use.action->kind != ActionKind::install) continue;
      const bool omits = omits_development({file, stage, step}, use);
      // `npm ci --omit=dev` after the build removes what an earlier one installed.
      const bool all_again = omits && use.operands.empty() && !use.command->conditional;
      result.has_development = !omits || (result.has_development && !all_again);
    }
  }
  return result;
}

bool has_development_left(const Dockerfile& file, const Stage& builder, const std::string& project) {
  return find_package_uses(file, builder, project).has_development && !prunes(builder);
}

namespace {

// Directories that are copied beside the project: `COPY shared/ ./shared/` for `api`.
std::vector<std::string> other_sources(const Dockerfile& file, const Stage& builder, const Stage& runner,
                                       const std::string& root) {
  std::vector<std::string> found;
  for (const auto* stage : {&builder, &runner})
    for (const auto& step : stage->steps) {
      if (!step.copy || !step.copy->from_context()) continue;
      for (const auto& source : step.copy->sources) {
        const auto path = join_context_path(".", source.text);
        const bool beside = root != "." && !path_is_under(path, root) && !path_is_under(root, path) && path != ".";
        if (source.known && beside && file.context().kind(path) == PathKind::directory) found.push_back(path);
      }
    }
  return found;
}

}  // namespace

Outcome<PruneCommand> find_development_removal(const Dockerfile& file, const Stage& builder, const Stage& runner,
                                               const std::string& project) {
  const auto root = project_root(file, builder, project);
  const auto needed = find_development_need(file.context(), root, other_sources(file, builder, runner, root));
  if (needed) return Declined{needed->reason + (needed->package.empty() ? "" : ", which is one of them")};
  const auto uses = find_package_uses(file, builder, project);
  if (!uses.all_here || !uses.one_manager)
    return Declined{"they are in several directories, or of several package managers"};
  if (!starts_with_production_packages(file, runner, builder, project))
    return Declined{"what the container runs may need them"};
  return find_prune_command(file, builder, uses.manager, project);
}

}  // namespace dockhew::inline ecosystems
