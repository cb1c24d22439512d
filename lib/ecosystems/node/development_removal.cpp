#include "ecosystems/node/development_removal.hpp"

#include <algorithm>

#include "ecosystems/installation.hpp"
#include "ecosystems/node/development_needs.hpp"
#include "ecosystems/node/global_packages.hpp"
#include "ecosystems/node/omitted_development.hpp"
#include "ecosystems/node/package_json.hpp"
#include "ecosystems/node/project_place.hpp"
#include "ecosystems/runtime.hpp"
#include "facts/facts.hpp"
#include "model/start_command.hpp"
#include "text/json.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

bool prunes(const Stage& stage) {
  return std::ranges::any_of(stage.steps, [](const Step& step) {
    return step.script && std::ranges::any_of(step.script->commands, [](const ShellCommand& command) {
             return (command.name() == "npm" || command.name() == "pnpm") && command.has_word("prune");
           });
  });
}

// Not with another module first, which is usually for development.
bool starts_with_node(std::string_view command) {
  constexpr std::string_view loads[] = {" -r ", " --require", "loader", " --import", "ts-node", "tsx"};
  return command.starts_with("node ") && command.find_first_of("&|;") == command.npos &&
         std::ranges::none_of(loads, [&](std::string_view word) { return command.find(word) != command.npos; });
}

}  // namespace

bool runs_plain_node(const Dockerfile& file, const Stage& runner, const Stage& builder, const std::string& project) {
  const auto start = find_start_command(runner);
  const auto is_plain = [&](ContainerStart other) {  // node, or a check such as `curl`
    std::erase(other.text, '\'');
    const auto words = split_words(other.text);
    return starts_with_node(other.text) || (!words.empty() && file.facts().unix_command(words.front()) != nullptr);
  };
  const bool plain_options =
      !file.context().origin().environment.contains("NODE_OPTIONS") &&
      (runner.steps.empty() || file.lookup(runner, runner.steps.back(), "NODE_OPTIONS").text.empty());
  if (!start || !plain_options || !std::ranges::all_of(file.context().origin().starts, is_plain)) return false;
  std::string text;
  for (const auto& word : start->words) text += (text.empty() ? "" : " ") + word;
  if (starts_with_node(text)) return true;
  constexpr std::string_view starts[] = {"npm start",      "npm run start", "yarn start",
                                         "yarn run start", "pnpm start",    "pnpm run start"};
  if (std::ranges::find(starts, text) == std::end(starts)) return false;
  const auto package = read_project_file(file, builder, project, "package.json");
  if (!package) return false;
  const auto parsed = parse_json(*package).value;
  const auto* scripts = parsed.find("scripts");
  return scripts != nullptr && starts_with_node(scripts->string_at("start"));
}

bool is_of_project(const ToolUse& use) {
  return is_package_manager(use.tool->id) && *part_of_action(use) != BuildPart::nothing &&
         !installs_package_manager(use) && !installs_build_tools(use) && !installs_programs(use);
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
      // `npm ci --omit=dev` behind the build removes what an earlier one installed.
      const bool all_again = omits && use.operands.empty() && !use.command->conditional;
      result.has_development = !omits || (result.has_development && !all_again);
    }
  }
  return result;
}

bool has_development_left(const Dockerfile& file, const Stage& builder, const std::string& project) {
  return find_package_uses(file, builder, project).has_development && !prunes(builder);
}

Outcome<PruneCommand> find_development_removal(const Dockerfile& file, const Stage& builder, const Stage& runner,
                                               const std::string& project) {
  const auto needed = find_development_need(file.context(), project_root(file, builder, project));
  if (needed) return Declined{needed->reason + ", which is one of them"};
  const auto uses = find_package_uses(file, builder, project);
  if (!uses.all_here || !uses.one_manager)
    return Declined{"they are in several directories, or of several package managers"};
  if (!runs_plain_node(file, runner, builder, project)) return Declined{"what the container runs may need them"};
  return find_prune_command(file, builder, uses.manager, project);
}

}  // namespace dockhew::inline ecosystems
