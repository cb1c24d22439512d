#include "ecosystems/manifests.hpp"

#include <algorithm>
#include <set>

#include "ecosystems/dotnet/projects.hpp"
#include "ecosystems/manifest_obstacles.hpp"
#include "ecosystems/named_files.hpp"
#include "ecosystems/node/workspaces.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew {
namespace {

const Assumption no_install_scripts{"no-install-scripts",
                                    "package.json has no install lifecycle scripts that read the source"};
const Assumption no_workspaces{"no-workspaces", "package.json declares neither workspaces nor dependencies by path"};
const Assumption not_overwritten{
    "no-installed-files",
    "the build context holds no node_modules that the later COPY would put over the installed one"};
const Assumption no_other_files{"no-other-files", "the installation reads no files of the source besides those copied"};
const Assumption self_contained{"self-contained-requirements",
                                "the requirements name no local paths and no files besides those copied"};
const Assumption no_local_modules{"no-local-modules",
                                  "go.mod replaces no module by a directory, and there is neither go.work nor vendor/"};

// The context paths of those names that are files in a directory.
std::vector<std::string> present(const BuildContext& context, const std::string& directory, Words names) {
  std::vector<std::string> found;
  for (const auto& name : names)
    if (context.kind(join_context_path(directory, name)) == PathKind::file)
      found.push_back(join_context_path(directory, name));
  return found;
}

// What the settings among the manifests name.
std::string obstacle_in_settings(const BuildContext& context, const std::vector<std::string>& paths) {
  for (const auto& path : paths)
    if (auto obstacle = settings_obstacle(path, context.read(path).value_or("")); !obstacle.empty()) return obstacle;
  return {};
}

// Packages whose own installation reads the project: Prisma's client is generated from the schema, which goes with the
// manifests where it is one file; Puppeteer is told where its browser goes.
void add_read_files(Manifests& result, const BuildContext& context, const std::string& directory,
                    const std::string& package_json) {
  const std::string schema = join_context_path(directory, "prisma/schema.prisma");
  const bool prisma = package_json.find("\"@prisma/client\"") != package_json.npos;
  if (!prisma) std::erase(result.paths, schema);
  const auto decline = [&](const std::string& package, const std::string& name) {
    if (result.declined.empty() && context.exists(join_context_path(directory, name)))
      result.declined = "the installation of `" + package + "` reads `" + name + "`";
  };
  if (prisma && !context.exists(schema))
    for (const auto* name : {"prisma", "schema.prisma"}) decline("@prisma/client", name);
  if (package_json.find("\"puppeteer\"") != package_json.npos)
    for (const auto* name : {".puppeteerrc", ".puppeteerrc.cjs", ".puppeteerrc.js", ".puppeteerrc.json",
                             "puppeteer.config.js", "puppeteer.config.cjs"})
      decline("puppeteer", name);
}

// What the package managers of Node read beside package.json.
struct NodeManager {
  std::string_view tool, lock;
  std::vector<std::string> without_context;  // patterns that match where the files are
};

const std::vector<NodeManager>& node_managers() {
  static const std::vector<NodeManager> all = {
      {"npm", "package-lock.json", {"package*.json"}},
      {"yarn", "yarn.lock", {"package.json", "yarn.lock*"}},
      {"pnpm", "pnpm-lock.yaml", {"package.json", "pnpm-lock.yaml*"}},
      {"bun", "bun.lock", {"package.json", "bun.lock*"}},
  };
  return all;
}

// Whether the installation fails rather than change the lock file.
bool is_frozen(const ToolUse& use) {
  const auto& word = use.action->words.empty() ? std::string() : use.action->words.front();
  return word == "ci" || word == "clean-install" || use.has_option("--frozen-lockfile") ||
         use.has_option("--immutable");
}

Assumption lock_in_sync(const NodeManager& manager, const ToolUse& use) {
  return {"lock-in-sync", std::string(manager.lock) + ", if there is one, matches package.json, so that `" +
                              use.command->name() + " install` leaves it as it is"};
}

Manifests node_manifests(const Dockerfile& file, const ToolUse& use, const NodeManager& manager,
                         const std::string& directory) {
  Manifests result;
  const auto& context = file.context();
  const auto in_source = [&](std::string_view name) { return join_context_path(directory, name); };
  for (const auto* option : {"-r", "--recursive", "-w", "--workspace", "--workspaces", "-F", "--filter"})
    if (use.has_option(option)) {
      result.declined = "`" + std::string(option) +
                        "` is about the packages of a workspace, whose manifests lie in other directories";
      return result;
    }
  if (!context.is_known()) {
    for (const auto& pattern : manager.without_context) result.paths.push_back(in_source(pattern));
    result.assumptions = {no_install_scripts, no_workspaces, not_overwritten};
    if (manager.tool != "npm") result.assumptions.push_back(no_other_files);
    if (!is_frozen(use)) result.assumptions.push_back(lock_in_sync(manager, use));
    return result;
  }
  const auto text = context.read(in_source("package.json"));
  if (!text) {
    result.declined = "package.json is not in the build context";
    return result;
  }
  auto workspaces = read_node_workspaces(context, directory, *text);
  result.declined = package_json_obstacle(*text);
  if (result.declined.empty()) result.declined = std::move(workspaces.declined);
  const auto decline = [&](const char* why) {
    if (result.declined.empty()) result.declined = why;
  };
  if (context.exists(in_source("binding.gyp"))) decline("binding.gyp makes npm compile the source during installation");
  if (context.exists(in_source("node_modules")))
    decline(
        "the build context holds a node_modules directory, which a later COPY would put over the installed one; "
        "exclude it in .dockerignore");
  if (manager.tool == "yarn" && (context.exists(in_source(".yarnrc.yml")) || context.exists(in_source(".yarn"))))
    decline("Yarn 2 and later keep parts of themselves in the source, in `.yarn`");
  if (manager.tool == "pnpm" && context.exists(in_source("pnpm-workspace.yaml")))
    decline("pnpm-workspace.yaml names packages in other directories");
  if (context.exists(in_source(".pnpmfile.cjs"))) decline(".pnpmfile.cjs is a program that may read the source");
  result.paths = present(context, directory, use.tool->manifests);
  std::ranges::move(workspaces.manifests, std::back_inserter(result.paths));
  add_read_files(result, context, directory, *text);
  if (result.declined.empty()) result.declined = obstacle_in_settings(context, result.paths);
  if (!is_frozen(use) && context.exists(in_source(manager.lock)))
    result.assumptions.push_back(lock_in_sync(manager, use));
  return result;
}

// Requirement files include others; everything they name must be known.
void read_requirements(Manifests& result, const BuildContext& context, const std::string& path,
                       std::set<std::string>& seen) {
  if (!result.declined.empty() || !seen.insert(path).second) return;
  const auto text = context.read(path);
  if (!text) {
    result.declined = "`" + path + "` is not in the build context";
    return;
  }
  std::string_view rest = *text;
  while (!rest.empty()) {
    const auto newline = rest.find('\n');
    auto line = trim_unicode(rest.substr(0, newline));
    rest.remove_prefix(newline == rest.npos ? rest.size() : newline + 1);
    if (line.empty() || line.starts_with('#')) continue;
    std::string_view included;
    for (const auto option : {std::string_view("-r"), std::string_view("--requirement"), std::string_view("-c"),
                              std::string_view("--constraint")}) {
      if (!line.starts_with(option)) continue;
      const auto behind = line.substr(option.size());
      if (behind.starts_with(' ') || behind.starts_with('=') || (option.size() == 2 && !behind.empty()))
        included = trim_unicode(behind.substr(behind.starts_with(' ') || behind.starts_with('=') ? 1 : 0));
    }
    if (!included.empty()) {
      read_requirements(result, context, clean_path(std::string(path_parent(path)) + '/' + std::string(included)),
                        seen);
    } else if (line.starts_with("-e") || line.starts_with("--editable") || line.starts_with("-f") ||
               line.starts_with("--find-links") || line.starts_with('.') || line.starts_with('/') ||
               line.starts_with("file:") || line.find("@ file:") != line.npos ||
               (line.find(".whl") != line.npos && line.find("://") == line.npos)) {
      result.declined = "`" + path + "` names a local path: `" + std::string(line) + "`";
    }
  }
}

Manifests pip_manifests(const Dockerfile& file, const ToolUse& use, const std::string& directory) {
  Manifests result;
  std::set<std::string> paths;
  for (const auto i : use.manifests) {
    const auto& word = use.command->words[i];
    if (!word.value.is_known() || word.text().starts_with('/')) {
      result.declined = "the path of the requirements file is not relative to the source";
      return result;
    }
    if (word.text().find("://") != std::string::npos) continue;
    const auto path = join_context_path(directory, word.text());
    if (path.starts_with("..")) {
      result.declined = "the requirements file lies outside of the source";
      return result;
    }
    if (file.context().is_known()) read_requirements(result, file.context(), path, paths);
    else paths.insert(path);
  }
  if (!file.context().is_known()) result.assumptions.push_back(self_contained);
  // uv takes its settings from beside the requirements, where pip has none.
  if (use.tool->id == "uv" && file.context().is_known())
    for (auto& path :
         present(file.context(), directory, std::array<std::string_view, 2>{"uv.toml", "pyproject.toml"})) {
      const auto text = file.context().read(path).value_or("");
      if (result.declined.empty())
        result.declined = path.ends_with("uv.toml") ? settings_obstacle(path, text) : pyproject_obstacle(text);
      paths.insert(std::move(path));
    }
  result.paths.assign(paths.begin(), paths.end());
  return result;
}

Manifests go_manifests(const Dockerfile& file, const std::string& directory) {
  Manifests result;
  const auto& context = file.context();
  if (!context.is_known()) {
    result.paths = {join_context_path(directory, "go.mod"), join_context_path(directory, "go.sum*")};
    result.assumptions.push_back(no_local_modules);
    return result;
  }
  const auto text = context.read(join_context_path(directory, "go.mod"));
  if (!text) result.declined = "go.mod is not in the build context";
  else if (context.exists(join_context_path(directory, "go.work")))
    result.declined = "go.work joins modules of several directories";
  else if (context.exists(join_context_path(directory, "vendor"))) result.declined = "the modules are vendored";
  else if (const auto at = text->find("=> ."); at != std::string::npos)
    result.declined = "go.mod replaces a module by a directory";
  result.paths = present(context, directory, std::array<std::string_view, 2>{"go.mod", "go.sum"});
  return result;
}

// Files that make a directory the root of a workspace, which package managers look for upwards of the project. Its
// manifest and lock file count then, not the project's. `text` is what such a manifest must contain.
struct WorkspaceRoot {
  std::string_view tool, name, text;
};

constexpr WorkspaceRoot workspace_roots[] = {
    {"npm", "package.json", "\"workspaces\""},
    {"yarn", "package.json", "\"workspaces\""},
    {"bun", "package.json", "\"workspaces\""},
    {"pnpm", "pnpm-workspace.yaml", ""},
    {"go", "go.work", ""},
    {"uv", "pyproject.toml", "[tool.uv.workspace]"},
    {"gradle", "settings.gradle", ""},
    {"gradle", "settings.gradle.kts", ""},
};

// Options that make another directory the project's.
struct DirectoryOptions {
  std::string_view tool;
  std::vector<std::string> options;
};

std::string elsewhere(const ToolUse& use) {
  static const std::vector<DirectoryOptions> all = {
      {"npm", {"--prefix", "-C"}},
      {"yarn", {"--cwd"}},
      {"pnpm", {"-C", "--dir"}},
      {"bun", {"--cwd"}},
      {"uv", {"--directory", "--project"}},
      {"poetry", {"-C", "--directory", "-P", "--project"}},
      {"pdm", {"-p", "--project"}},
      {"bundler", {"--gemfile"}},
      {"composer", {"-d", "--working-dir"}},
      {"maven", {"-f", "--file"}},
      {"gradle", {"-p", "--project-dir", "-b", "--build-file"}},
      {"go", {"-C", "-modfile"}},
  };
  for (const auto& [tool, options] : all)
    for (const auto& option : options)
      if (tool == use.tool->id && use.has_option(option)) return option;
  return {};
}

std::string workspace_above(const Dockerfile& file, const ToolUse& use, const std::string& directory,
                            const std::string& root) {
  for (const auto& above : directories_above(directory, root))
    for (const auto& kind : workspace_roots) {
      const auto path = join_context_path(above, kind.name);
      if (kind.tool != use.tool->id || !file.context().exists(path)) continue;
      if (kind.text.empty() || file.context().read(path).value_or("").find(kind.text) != std::string::npos)
        return "`" + path + "` makes the project a part of a workspace";
    }
  return {};
}

// A manifest whose text alone decides, with a lock file beside it.
struct PlainManifest {
  std::string_view tool, manifest, lock;
  std::string (*obstacle)(std::string_view text);
  // Without one of these options the project itself is installed, or run; no options: it never is.
  std::vector<std::string_view> needed_options;
  std::string_view in_source;  // what the installation writes there, and a later COPY could put something over
  bool all_options = false;    // rather than one of them
};

const PlainManifest plain_manifests[] = {
    {"bundler", "Gemfile", "Gemfile.lock", gemfile_obstacle, {}, "vendor/cache"},
    {"pipenv", "Pipfile", "Pipfile.lock", pipfile_obstacle, {}, ".venv"},
    {"poetry", "pyproject.toml", "poetry.lock", pyproject_obstacle, {"--no-root"}, ".venv"},
    {"pdm", "pyproject.toml", "pdm.lock", pyproject_obstacle, {"--no-self"}, ".venv"},
    {"uv",
     "pyproject.toml",
     "uv.lock",
     pyproject_obstacle,
     {"--no-install-project", "--no-install-workspace"},
     ".venv"},
    {"composer",
     "composer.json",
     "composer.lock",
     composer_json_obstacle,
     {"--no-scripts", "--no-autoloader"},
     "vendor",
     true},
    {"mix", "mix.exs", "mix.lock", mix_exs_obstacle, {}, "deps"},
    {"maven", "pom.xml", "", pom_xml_obstacle, {}, "target"},
};

Manifests plain_manifests_of(const Dockerfile& file, const ToolUse& use, const PlainManifest& kind,
                             const std::string& directory) {
  Manifests result;
  const auto& context = file.context();
  const auto in_source = [&](std::string_view name) { return join_context_path(directory, name); };
  if (!context.is_known()) {
    result.paths = {in_source(kind.manifest)};
    if (!kind.lock.empty()) result.paths.push_back(in_source(std::string(kind.lock) + "*"));
    result.assumptions = {no_other_files};
    if (use.command->words[0].raw.find('/') != std::string::npos)
      result.declined = "`" + use.command->words[0].raw + "` is a part of the source, and reads others of it";
    return result;
  }
  const auto text = context.read(in_source(kind.manifest));
  if (!text) {
    result.declined = std::string(kind.manifest) + " is not in the build context";
    return result;
  }
  result.declined = kind.obstacle(*text);
  if (result.declined.empty() && kind.tool == "maven" && context.exists(in_source("../pom.xml")))
    result.declined = "pom.xml is a module of the pom.xml above it";
  if (result.declined.empty() && context.exists(in_source(kind.in_source)))
    result.declined = "the build context holds `" + std::string(kind.in_source) +
                      "`, which the installation uses or writes; exclude it in .dockerignore";
  result.paths = present(context, directory, use.tool->manifests);
  if (result.declined.empty()) result.declined = obstacle_in_settings(context, result.paths);
  return result;
}

// Gradle's build files are programs, in one of two languages.
Manifests gradle_manifests(const Dockerfile& file, const ToolUse& use, const std::string& directory) {
  Manifests result;
  const auto& context = file.context();
  if (!context.is_known()) {
    result.declined = "what Gradle's build files read is not known without the build context";
    return result;
  }
  result.paths = present(context, directory, use.tool->manifests);
  for (const auto* name : {"buildSrc", "build", ".gradle"})
    if (result.declined.empty() && context.exists(join_context_path(directory, name)))
      result.declined = "the build context holds `" + std::string(name) + "`, which the build reads or writes";
  for (const auto& path : result.paths)
    if (path.ends_with(".gradle") || path.ends_with(".kts"))
      if (result.declined.empty()) result.declined = gradle_obstacle(path, context.read(path).value_or(""));
  if (result.paths.empty()) result.declined = "there is no build.gradle in the build context";
  return result;
}

Manifests conda_manifests(const Dockerfile& file, const ToolUse& use, const std::string& directory) {
  Manifests result;
  const auto& context = file.context();
  std::vector<std::string> names;
  for (const auto i : use.manifests) {
    const auto& word = use.command->words[i];
    if (word.value.is_known() && !word.text().starts_with('/')) names.push_back(word.text());
    else result.declined = "the path of the environment is not relative to the source";
  }
  if (names.empty()) names.emplace_back("environment.yml");  // conda's default
  for (const auto& name : names) {
    const auto path = join_context_path(directory, name);
    if (path.starts_with("..")) result.declined = "the environment lies outside of the source";
    result.paths.push_back(path);
    if (!context.is_known() || !result.declined.empty()) continue;
    const auto text = context.read(path);
    result.declined = text ? environment_yml_obstacle(*text) : "`" + path + "` is not in the build context";
  }
  for (std::size_t i = use.first; i + 1 < use.command->words.size(); ++i) {
    const auto& raw = use.command->words[i].raw;
    if ((raw == "-p" || raw == "--prefix") && !use.command->words[i + 1].text().starts_with('/'))
      result.declined = "the environment is made in the source, and a later COPY could put something over it";
  }
  if (!context.is_known()) result.assumptions.push_back(no_other_files);
  return result;
}

Manifests dotnet_manifests(const Dockerfile& file, const std::string& root) {
  Manifests result;
  if (!file.context().is_known()) {
    result.declined = "which projects there are is not known without the build context";
    return result;
  }
  auto projects = find_dotnet_projects(file.context(), root);
  result.paths = std::move(projects.files);
  result.declined = std::move(projects.declined);
  return result;
}

}  // namespace

bool installs_from_manifest(const ToolUse& use) {
  const auto& tool = use.tool->id;
  const bool installs = use.action->kind == ActionKind::install;
  if (tool == "pip" || (tool == "uv" && installs && !use.action->words.empty() && use.action->words.front() == "pip"))
    return installs && !use.manifests.empty() && use.operands.empty() && !use.has_option("-e") &&
           !use.has_option("--editable");
  // `go get` writes to go.mod, which a later COPY would put back.
  if (tool == "go") return use.action->kind == ActionKind::fetch && use.action->words.front() == "mod";
  if (tool == "mix" || tool == "maven" || tool == "gradle") return use.action->kind == ActionKind::fetch;
  if (tool == "dotnet") return use.action->kind == ActionKind::fetch && use.action->words.size() == 1;
  if (tool == "conda")
    return installs && use.operands.empty() && (!use.manifests.empty() || use.action->words.front() == "env");
  // `add` and `require` change the manifest; packages that are named, or meant for all, are not its own.
  const auto& word = use.action->words.empty() ? std::string("install") : use.action->words.back();
  const bool plain = word == "install" || word == "i" || word == "ci" || word == "clean-install" || word == "sync";
  const bool one_of_many = use.action->words.size() > 1;
  const bool known = std::ranges::find(node_managers(), tool, &NodeManager::tool) != node_managers().end() ||
                     std::ranges::find(plain_manifests, tool, &PlainManifest::tool) != std::end(plain_manifests);
  return known && installs && plain && !one_of_many && use.operands.empty() && !use.has_option("-g") &&
         !use.has_option("--global") && !use.has_option("--prefix");
}

std::string options_for_dependencies(const ToolUse& use) {
  const auto kind = std::ranges::find(plain_manifests, use.tool->id, &PlainManifest::tool);
  if (kind == std::end(plain_manifests) || kind->needed_options.empty()) return {};
  std::string missing;
  for (const auto option : kind->needed_options) {
    if (use.has_option(option) && !kind->all_options) return {};
    if (use.has_option(option) || (!missing.empty() && !kind->all_options)) continue;
    missing += (missing.empty() ? "" : " ") + std::string(option);
  }
  return missing;
}

bool installs_project(const ToolUse& use) {
  const auto kind = std::ranges::find(plain_manifests, use.tool->id, &PlainManifest::tool);
  return kind != std::end(plain_manifests) && !kind->needed_options.empty() && installs_from_manifest(use) &&
         use.manifests.empty();
}

Manifests find_manifests(const Site& site, const ToolUse& use, const std::string& directory, const std::string& root) {
  const auto& tool = use.tool->id;
  Manifests result;
  result.declined = workspace_above(site.file, use, directory, root);
  if (const auto option = elsewhere(use); !option.empty())
    result.declined = "`" + option + "` names another place for the manifests";
  if (const auto name = variable_naming_file(site, use, directory); !name.empty())
    result.declined = "the variable `" + name + "` names a file that the source brings";
  if (tool == "dotnet" || tool == "gradle")
    if (const auto path = configuration_named_by_option(use); !path.empty())
      result.declined = "the installation is told of `" + path + "`, which the source brings";
  // Go's tools look upwards for go.mod, and a program often lies in a directory below it.
  if (tool == "go" && !site.context().is_known() && directory != root)
    result.declined = "whether go.mod lies where the command runs or above is not known without the build context";
  if (!result.declined.empty()) return result;
  if (tool == "go") return go_manifests(site.file, directory);
  if (tool == "dotnet") return dotnet_manifests(site.file, root);
  if (tool == "gradle") return gradle_manifests(site.file, use, directory);
  const auto node = std::ranges::find(node_managers(), tool, &NodeManager::tool);
  const auto plain = std::ranges::find(plain_manifests, tool, &PlainManifest::tool);
  const bool as_pip = tool == "pip" || (tool == "uv" && use.action->words.front() == "pip");
  if (node == node_managers().end() && plain == std::end(plain_manifests) && !as_pip && tool != "conda")
    result.declined = "what " + std::string(use.tool->title) + " reads for its dependencies is not in the tables";
  else if (const auto path = file_named_by_option(site.file, use, directory); !path.empty())
    result.declined = "the installation is told of `" + path + "`, which the source brings";
  else if (tool == "conda") result = conda_manifests(site.file, use, directory);
  else if (node != node_managers().end()) result = node_manifests(site.file, use, *node, directory);
  else
    result = as_pip ? pip_manifests(site.file, use, directory) : plain_manifests_of(site.file, use, *plain, directory);
  const bool found_by_name = node != node_managers().end() || plain != std::end(plain_manifests);
  if (found_by_name && !site.context().is_known() && directory != root)
    result.assumptions.push_back(
        {"manifests-in-place", "the manifests lie in `" + directory + "`, where the command runs"});
  return result;
}

}  // namespace dockhew
