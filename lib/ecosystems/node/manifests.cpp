#include "ecosystems/node/manifests.hpp"

#include <algorithm>
#include <array>

#include "ecosystems/node/package_json.hpp"
#include "ecosystems/node/reading_packages.hpp"
#include "ecosystems/node/workspaces.hpp"
#include "ecosystems/plain_manifest.hpp"
#include "model/context_path.hpp"
#include "text/json.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

const Assumption no_install_scripts{
    "no-install-scripts", "neither package.json nor a package has install lifecycle scripts that read the source"};
const Assumption no_workspaces{"no-workspaces", "package.json declares neither workspaces nor dependencies by path"};
const Assumption not_overwritten{
    "no-installed-files",
    "the build context contains no node_modules that the later COPY would put over the installed one"};

// What the package managers read beside package.json.
struct Manager {
  std::string_view tool, lock;
  std::array<std::string_view, 2> without_context;  // patterns that match where the files are
};

constexpr Manager managers[] = {
    {"bun", "bun.lock", {"package.json", "bun.lock*"}},
    {"npm", "package-lock.json", {"package*.json"}},
    {"pnpm", "pnpm-lock.yaml", {"package.json", "pnpm-lock.yaml*"}},
    {"yarn", "yarn.lock", {"package.json", "yarn.lock*"}},
};

constexpr std::string_view npmrc[] = {"cafile",
                                      "certfile",
                                      "keyfile",
                                      "node-options",
                                      "=./",
                                      "=../",
                                      "file:",
                                      "inject-workspace-packages",
                                      "shared-workspace-lockfile"};
constexpr std::string_view yarnrc[] = {"yarn-path", "offline-mirror", "./", "cafile"};
constexpr std::string_view bunfig[] = {"cafile", "\"./", "'./", "preload"};
// What makes pnpm read more than manifests and the usual patches: programs, packages by path, packages that it copies.
constexpr std::string_view pnpm_workspace[] = {"file:",
                                               "link:",
                                               "injectWorkspacePackages",
                                               "sharedWorkspaceLockfile",
                                               "pnpmfile",
                                               "configDependencies",
                                               "patchedDependencies"};
constexpr SettingsWords settings[] = {
    {".npmrc", npmrc}, {".yarnrc", yarnrc}, {"bunfig.toml", bunfig}, {"pnpm-workspace.yaml", pnpm_workspace}};

// Whether the installation fails rather than change the lock file.
bool is_frozen(const ToolUse& use) {
  const auto& word = use.action->words.empty() ? std::string_view() : use.action->words.front();
  return word == "ci" || word == "clean-install" || use.has_option("--frozen-lockfile") ||
         use.has_option("--immutable");
}

// `npm install` and any installation with Yarn 1 succeed where there is nothing to install.
bool fails_without_manifest(const ToolUse& use) { return use.tool->id != "yarn" && is_frozen(use); }

Assumption lock_in_sync(const Manager& manager, const ToolUse& use) {
  return {"lock-in-sync", std::string(manager.lock) + ", if there is one, matches package.json, so that `" +
                              use.command->name() + " install` does not change it"};
}

// Corepack, and the package managers that it stands for, run the version that package.json names. Making its links, or
// naming what it should prepare, does not depend on that.
bool reads_package_manager(const ToolUse& use) {
  if (use.tool->id == "corepack") return !use.action->independent && use.operands.empty();
  return use.tool->id == "yarn" || use.tool->id == "pnpm";
}

Obstacle workspace_option(const ToolUse& use) {
  if (use.action->words.size() == 2 && use.action->words[0] == "recursive")
    return Declined{"`recursive` applies to packages in other directories"};
  for (const auto* option : {"-r", "--recursive", "-w", "--workspace", "--workspaces", "-F", "--filter"})
    if (use.has_option(option))
      return Declined{"`" + std::string(option) +
                      "` applies to packages of a workspace, whose manifests are in other directories"};
  return std::nullopt;
}

// What a workspace is seen by: a command for its packages, its declaration.
bool shows_workspace(const Site& site) {
  if (site.step.copy && std::ranges::any_of(site.step.copy->sources, [](const CopySource& source) {
        return path_basename(source.text) == "pnpm-workspace.yaml" || path_basename(source.text) == "lerna.json";
      }))
    return true;
  return std::ranges::any_of(site.uses(), [](const ToolUse& use) {
    const auto is_about_all = [](const ShellWord& word) {
      return word.raw == "workspace" || word.raw == "workspaces" || word.raw.starts_with("--filter=") ||
             word.raw.starts_with("--workspace=");
    };
    return std::ranges::any_of(managers, [&](const Manager& each) { return each.tool == use.tool->id; }) &&
           (workspace_option(use) || std::ranges::any_of(use.command->words, is_about_all));
  });
}

Outcome<Manifests> assumed_manifests(const Site& site, const ToolUse& use, const Project& project,
                                     const Manager& manager) {
  if (!site.file.answers({"shows a workspace"}, shows_workspace).places().empty())
    return Declined{
        "the file works with packages of a workspace; without the build context, it is not known where their manifests "
        "are"};
  Manifests result;
  for (const auto pattern : manager.without_context)
    if (!pattern.empty()) result.paths.push_back(join_context_path(project.directory, pattern));
  result.assumptions = {no_install_scripts, no_workspaces, not_overwritten};
  if (manager.tool != "npm") result.assumptions.push_back(no_other_files);
  if (!is_frozen(use)) result.assumptions.push_back(lock_in_sync(manager, use));
  if (!fails_without_manifest(use))
    add_assumed_manifest(site, join_context_path(project.directory, "package.json"), result);
  add_assumed_place(site, project, result);
  return result;
}

// What beside package.json ties the installation to the source.
Obstacle obstacle_in_directory(const BuildContext& context, const std::string& directory, const Manager& manager) {
  const auto exists = [&](const char* name) { return context.exists(join_context_path(directory, name)); };
  if (exists("binding.gyp")) return Declined{"binding.gyp makes npm compile the source during the installation"};
  if (exists("node_modules"))
    return Declined{
        "the build context contains a node_modules directory, which a later COPY would put over the installed one; "
        "exclude it in .dockerignore"};
  if (manager.tool == "yarn" && exists(".yarn") && !exists(".yarnrc.yml"))
    return Declined{"Yarn 2 and later keep parts of themselves in the source, in `.yarn`"};
  if (exists(".pnpmfile.cjs")) return Declined{".pnpmfile.cjs is a program that may read the source"};
  return std::nullopt;
}

// What Yarn 2 and later need beside the manifests: themselves and their plugins, where .yarnrc.yml names them, and
// patches. Where they make no node_modules, the project itself refers to their cache.
Obstacle add_parts_of_yarn(const BuildContext& context, const std::string& directory, std::vector<std::string>& paths) {
  const auto settings = context.read(join_context_path(directory, ".yarnrc.yml"));
  if (!settings) return std::nullopt;
  const auto in_project = [&](std::string_view path) { return join_context_path(directory, std::string(path)); };
  const bool links = settings->starts_with("nodeLinker: node-modules") ||
                     settings->find("\nnodeLinker: node-modules") != settings->npos;
  if (!links || context.exists(in_project(".pnp.cjs")))
    return Declined{"Yarn makes no node_modules here, and runs the project from its cache"};
  for (const auto line : split_lines(*settings))
    for (const auto word : split_words(trim_unicode(line.substr(0, line.find('#'))))) {
      const auto begin = std::min(word.find_first_not_of("\"'"), word.size());
      const auto name = word.substr(begin, word.find_first_of("\"'", begin) - begin);
      if (name.find("./") == name.npos && !name.starts_with(".yarn/")) continue;
      const auto path = in_project(name);
      if (!name.starts_with(".yarn/") || context.kind(path) != PathKind::file)
        return Declined{"`.yarnrc.yml` names a part of the source: `" + std::string(name) + "`"};
      paths.push_back(path);
    }
  const auto lock = context.read(in_project("yarn.lock")).value_or("");
  if (lock.find("patch:") == lock.npos) return std::nullopt;
  constexpr std::string_view patches = ".yarn/patches";
  if (!context.exists(in_project(patches))) return std::nullopt;  // those of Yarn itself
  paths.push_back(in_project(patches) + "/*.patch");
  return std::nullopt;
}

Outcome<Manifests> read_manifests(const Site& site, const ToolUse& use, const std::string& directory,
                                  const Manager& manager) {
  const auto& context = site.context();
  const auto path = join_context_path(directory, "package.json");
  const auto text = context.read(path);
  if (!text) return Declined{"`" + path + "` is not in the build context"};
  if (auto obstacle = package_json_obstacle(*text, find_script_files(context, directory))) return *obstacle;
  auto members = manager.tool == "pnpm" ? read_pnpm_workspace(context, directory)
                                        : read_node_workspaces(context, directory, *text);
  if (!members) return members.declined();
  for (const auto& word : use.command->words)
    if (word.raw.find("...[") != word.raw.npos || word.raw.find("filter=[") != word.raw.npos)
      return Declined{"`" + word.raw + "` asks Git what has changed"};
  if (members->empty())  // without a workspace, pnpm looks for packages everywhere
    if (auto obstacle = workspace_option(use)) return *obstacle;
  if (auto obstacle = obstacle_in_directory(context, directory, manager)) return *obstacle;
  Manifests result;
  result.paths = present(context, directory, use.tool->project.manifests);
  const bool locked = std::ranges::any_of(result.paths, [](const std::string& each) {
    return is_lock_file(path_basename(each)) || path_basename(each) == "npm-shrinkwrap.json";
  });
  // Such a command fails without one, so it is another directory that is built.
  if (context.origin().guess && is_frozen(use) && !locked)
    return Declined{"the installation needs a lock file, and there is none in `" + context.origin().directory +
                    "`, which was only a guess"};
  std::ranges::move(*members, std::back_inserter(result.paths));
  if (manager.tool == "yarn")
    if (auto obstacle = add_parts_of_yarn(context, directory, result.paths)) return *obstacle;
  if (applies_patches(parse_json(*text).value)) result.paths.push_back(join_context_path(directory, usual_patches));
  if (auto obstacle = add_read_files(context, directory, *text, result.paths)) return *obstacle;
  if (auto obstacle = obstacle_in_settings(context, result.paths, settings)) return *obstacle;
  if (!is_frozen(use) && context.exists(join_context_path(directory, manager.lock)))
    result.assumptions.push_back(lock_in_sync(manager, use));
  return result;
}

}  // namespace

Installation node_installation(const ToolUse& use) {
  const bool recursive = use.action->words.size() == 2 && use.action->words[0] == "recursive" && use.operands.empty();
  if (is_plain_installation(use) || recursive) return {Declares::manifest, false};
  return named_installation(use, use.tool->id == "corepack");
}

Outcome<std::vector<Assumption>> node_local_settings(const ToolUse& use, const BuildContext& context,
                                                     const std::optional<std::string>& directory) {
  if (!reads_package_manager(use)) return std::vector<Assumption>();
  if (!context.is_known() || !directory)
    return std::vector<Assumption>{
        {"no-package-manager-field", "package.json does not say which package manager it wants (`packageManager`)"}};
  const auto text = context.read(join_context_path(*directory, "package.json"));
  if (!text)
    return Declined{"it is not known whether package.json names the package manager that `" + use.command->name() +
                    "` has to be"};
  if (text->find("\"packageManager\"") == text->npos && text->find("\"devEngines\"") == text->npos)
    return std::vector<Assumption>();
  return Declined{"`" + use.command->name() + "` reads `packageManager` of package.json, which must be copied before"};
}

Outcome<Manifests> node_manifests(const Site& site, const ToolUse& use, const Project& project) {
  const auto manager = std::ranges::find(managers, use.tool->id, &Manager::tool);
  if (manager == std::end(managers))
    return Declined{"what " + std::string(use.tool->title) + " reads to install dependencies is not known"};
  if (site.context().is_known()) return read_manifests(site, use, project.directory, *manager);
  if (auto obstacle = workspace_option(use)) return *obstacle;
  return assumed_manifests(site, use, project, *manager);
}

}  // namespace dockhew::inline ecosystems
