#include "ecosystems/node/pruning.hpp"

#include <algorithm>

#include "ecosystems/installation.hpp"
#include "ecosystems/manifests.hpp"
#include "ecosystems/node/built_project.hpp"
#include "ecosystems/node/development_removal.hpp"
#include "ecosystems/node/omitted_development.hpp"
#include "ecosystems/node/package_json.hpp"
#include "ecosystems/node/package_scripts.hpp"
#include "ecosystems/node/project_place.hpp"
#include "model/context_path.hpp"
#include "text/json.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

// `npm prune --omit=dev`, `pnpm prune --prod`, and Yarn's `yarn install --production` after another installation.
bool prunes(const ShellCommand& command) {
  const auto* use = command.use;
  if (use == nullptr || command.words.size() < 3) return false;
  const bool named = command.words[1].value.is("prune");
  if (use->tool->id == "npm") return named && (command.has_word("--omit=dev") || command.has_word("--production"));
  if (use->tool->id == "pnpm") return named && (command.has_word("--prod") || command.has_word("-P"));
  return use->tool->id == "yarn" && command.has_word("--ignore-scripts") && removes_development(*use);
}

constexpr std::string_view tidying_programs[] = {"clean-modules", "modclean", "node-prune"};

bool installs(const ToolUse& use) {
  return is_package_manager(use.tool->id) && installs_from_manifest(use) && !removes_development(use);
}

// What is in `node_modules` then: all that a full installation brings, which a build needs too.
bool has_all_packages(const ToolUse& use, const std::string& directory) {
  if (!use.command->directory.is(directory)) return false;
  if (!is_package_manager(use.tool->id) && use.tool->id != "bun") return false;
  return use.action->kind == ActionKind::build || (installs_from_manifest(use) && !removes_development(use));
}

// `COPY --from=install /app /app`
bool copies_all_packages(const Site& site, const std::string& directory) {
  const auto& copy = site.step.copy;
  if (!copy || !copy->stage || !copy->destination.is_known()) return false;
  const auto& place = copy->destination.text;
  if (!path_is_under(directory, place) && place != directory + "/node_modules") return false;
  return std::ranges::any_of(site.file.stages()[*copy->stage].steps, [](const Step& step) {
    return step.script && std::ranges::any_of(step.script->uses, installs);
  });
}

bool only_removes_development(const Site& site, const ToolUse& use) {
  const auto& directory = use.command->directory;
  if (!directory.is_known() || !installs_from_manifest(use) || !removes_development(use) || use.action->from_scratch)
    return false;
  for (const auto& other : site.uses()) {
    if (&other == &use) break;
    if (has_all_packages(other, directory.text)) return true;
  }
  return site.any_earlier({"has all packages of ", directory.text}, [&](const Site& earlier) {
    const auto has_all = [&](const ToolUse& other) { return has_all_packages(other, directory.text); };
    return std::ranges::any_of(earlier.uses(), has_all) || copies_all_packages(earlier, directory.text);
  });
}

std::optional<std::string> package_json(const BuildContext& context, const std::string& root) {
  return context.read(join_context_path(root, "package.json"));
}

Obstacle find_obstacle(const BuildContext& context, const std::optional<std::string>& root) {
  if (!context.is_known() || !root) return Declined{"without package.json, it is not known what the build writes"};
  if (context.exists(join_context_path(*root, "node_modules")))
    return Declined{"the build context contains a node_modules directory; exclude it in .dockerignore"};
  const auto text = package_json(context, *root);
  if (!text) return Declined{"`" + join_context_path(*root, "package.json") + "` is not in the build context"};
  if (auto obstacle = package_json_obstacle(*text, find_script_files(context, *root))) return obstacle;
  if (text->find("\"workspaces\"") != text->npos)
    return Declined{"package.json declares workspaces, whose packages have their own `node_modules`"};
  return std::nullopt;
}

// The script that a command names: `npm run build`, `yarn build`, `pnpm run build`; empty for another command.
std::string script_of(const ShellCommand& command) {
  const auto& words = command.words;
  const bool shortly = command.name() == "yarn" || command.name() == "pnpm";
  if (command.name() != "npm" && !shortly) return {};
  const bool run = words.size() == 3 && words[1].value.is("run");
  if (!run && !(shortly && words.size() == 2)) return {};
  const auto& word = words.back();
  return word.value.is_known() && !word.raw.starts_with('-') ? word.text() : std::string();
}

// `npm run build`. A generated client or a patched package would be lost.
Outcome<std::string> find_script(const BuildContext& context, const BuiltProject& project,
                                 const ShellCommand& command) {
  auto script = script_of(command);
  const auto package = package_json(context, project.root).value_or("");
  const auto parsed = parse_json(package).value;
  const auto* scripts = parsed.find("scripts");
  // `yarn tsc` runs a program where no script has the name.
  if (script.empty() || !command.directory.is(project.directory) || scripts == nullptr || !scripts->contains(script))
    return Declined{"`" + command.name() + "` may write into `node_modules`"};
  if (auto obstacle = package_script_obstacle(package, script)) return *obstacle;
  return script;
}

bool is_told_to_bring_them(const Stage& stage) {
  return std::ranges::any_of(stage.steps, [](const Step& step) {
    return step.script && std::ranges::any_of(step.script->uses, [](const ToolUse& use) {
             return installs(use) && asks_for_development(use);
           });
  });
}

Outcome<Superfluous> find_superfluous(const Dockerfile& file, const Stage& builder, const Stage& runner,
                                      const std::string& project) {
  const auto text = package_json(file.context(), project_root(file, builder, project));
  const auto package = parse_json(text.value_or("")).value;
  const auto* development = package.find("devDependencies");
  Superfluous result;
  if (development != nullptr)
    for (const auto& [name, version] : development->members()) result.packages.push_back(name);
  if (result.packages.empty() || !has_development_left(file, builder, project))
    return Declined{"no development dependencies are known to be there"};
  if (package.contains("workspaces"))
    return Declined{"the packages of a workspace have development dependencies of their own"};
  auto removal = find_development_removal(file, builder, runner, project);
  if (!removal) return removal.declined();
  result.command = std::move(removal->text);
  result.title = std::move(removal->title);
  // What the project has run when it is installed may need them.
  const auto* dependencies = package.find("dependencies");
  const bool generates =
      dependencies != nullptr && dependencies->contains("@prisma/client");  // by its own installation
  if (!generates && scripts_need_no_packages(package) && !is_told_to_bring_them(builder))
    result.option = std::move(removal->option);
  return result;
}

}  // namespace

extern constinit const Pruning node_pruning = {
    .dependencies = "node_modules",
    .prunes = prunes,
    .tidied_by = tidying_programs,
    .only_prunes = only_removes_development,
    .fetches = "yarn",
    .installs = installs,
    .find_superfluous = find_superfluous,
    .find_obstacle = find_obstacle,
    .find_script = find_script,
    .copies_of_project = copies_of_built_project,
};

}  // namespace dockhew::inline ecosystems
