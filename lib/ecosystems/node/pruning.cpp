#include "ecosystems/node/pruning.hpp"

#include "ecosystems/installation.hpp"
#include "ecosystems/manifests.hpp"
#include "ecosystems/node/built_project.hpp"
#include "ecosystems/node/package_json.hpp"
#include "ecosystems/node/package_scripts.hpp"
#include "model/context_path.hpp"

namespace dockhew::inline ecosystems {
namespace {

bool prunes(const ShellCommand& command) {
  return command.name() == "npm" && command.words.size() > 2 && command.words[1].value.is("prune") &&
         (command.has_word("--omit=dev") || command.has_word("--production"));
}

bool installs(const ToolUse& use) { return use.tool->id == "npm" && installs_from_manifest(use); }

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

// `npm run build`. A generated client or a patched package would be lost.
Outcome<std::string> find_script(const BuildContext& context, const BuiltProject& project,
                                 const ShellCommand& command) {
  const bool runs = command.name() == "npm" && command.words.size() == 3 && command.words[1].value.is("run") &&
                    command.words[2].value.is_known() && command.directory.is(project.directory);
  if (!runs) return Declined{"`" + command.name() + "` may write into `node_modules`"};
  const auto& script = command.words[2].text();
  if (auto obstacle = package_script_obstacle(package_json(context, project.root).value_or(""), script))
    return *obstacle;
  return script;
}

}  // namespace

extern constinit const Pruning node_pruning = {
    .command = "npm prune",
    .dependencies = "node_modules",
    .prunes = prunes,
    .installs = installs,
    .find_obstacle = find_obstacle,
    .find_script = find_script,
    .copies_of_project = copies_of_built_project,
};

}  // namespace dockhew::inline ecosystems
