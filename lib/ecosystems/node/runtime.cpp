// Node projects in the slim form of their image: the packages that were installed beside a copy of the source, or the
// whole directory of a project that was built in place. Declined where either may also lie elsewhere.
#include "ecosystems/node/runtime.hpp"

#include <algorithm>

#include "ecosystems/installation.hpp"
#include "ecosystems/needed_packages.hpp"
#include "ecosystems/node/development_removal.hpp"
#include "ecosystems/node/global_packages.hpp"
#include "ecosystems/node/locked_packages.hpp"
#include "ecosystems/node/nested_modules.hpp"
#include "ecosystems/node/omitted_development.hpp"
#include "ecosystems/node/outputs_elsewhere.hpp"
#include "ecosystems/node/package_json.hpp"
#include "ecosystems/node/package_scripts.hpp"
#include "ecosystems/node/production_start.hpp"
#include "ecosystems/node/programs_elsewhere.hpp"
#include "ecosystems/node/project_place.hpp"
#include "ecosystems/node/unknown_start.hpp"
#include "ecosystems/project_sources.hpp"
#include "ecosystems/runtime_image.hpp"
#include "effects/source_parts.hpp"
#include "model/context_path.hpp"
#include "model/start_command.hpp"
#include "text/json.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"npm", "npx", "pnpm", "turbo", "yarn"};
constexpr std::string_view script_endings[] = {".cjs", ".js", ".mjs", ".ts"};
constexpr std::string_view installers[] = {"npm"};
constexpr std::string_view prompts[] = {"node", "nodejs"};
constexpr std::string_view starting_calls[] = {"$`",
                                               ".execFileSync",
                                               ".execSync",
                                               ".spawnSync",
                                               "Bun.spawn",
                                               "Bun.spawnSync",
                                               "child_process.exec",
                                               "child_process.execFile",
                                               "child_process.execFileSync",
                                               "child_process.execSync",
                                               "child_process.spawn",
                                               "child_process.spawnSync",
                                               "cp.exec",
                                               "cp.execFile",
                                               "cp.spawn",
                                               "crossSpawn",
                                               "crossSpawn.sync",
                                               "exec",
                                               "execFile",
                                               "execFileSync",
                                               "execSync",
                                               "spawn",
                                               "spawnSync",
                                               "execAsync",
                                               "execFileAsync",
                                               "execa",
                                               "execa.command",
                                               "execa.sync",
                                               "execaCommand",
                                               "execaCommandSync",
                                               "execaSync",
                                               "shell.exec",
                                               "shelljs.exec",
                                               "spawn.sync"};

// `npx tsc`, `turbo run build`: it works in the project.
bool is_program_of_package(const ToolUse& use) {
  return std::ranges::find(tools, use.tool->id) != std::end(tools) && !is_package_manager(use.tool->id);
}

// `yarn workspace api build`, `yarn tsc`: what is not in the tables runs a script or a program. `npm prune` runs where
// the build does.
bool runs_something(const ToolUse& use) {
  const auto& words = use.action->words;
  const auto kind = use.action->kind;
  return (kind == ActionKind::other || kind == ActionKind::remove) && !use.action->independent &&
         (words.empty() || (words[0] != "config" && words[0] != "set"));
}

// `npm link`: the project becomes a package of the image's own, and its programs get into PATH.
bool links_project(const ToolUse& use) {
  if (!is_package_manager(use.tool->id) || !use.action->words.empty() || use.operands.empty()) return false;
  const auto& word = use.command->words[use.operands.front()].value;
  return word.is("link") || word.is("ln");
}

Outcome<BuildPart> part(const ToolUse& use) {
  if (installs_package_manager(use)) return BuildPart::nothing;
  if (links_project(use))
    return Declined{"`" + use.command->name() +
                    " link` makes the project's programs start from directories outside it, which the runtime stage "
                    "does not have"};
  if (installs_build_tools(use) || installs_servers(use)) return BuildPart::nothing;
  if (is_told_global(use))
    return Declined{"packages are installed globally, and it is not known which of them run in the container"};
  if (runs_something(use)) return BuildPart::builds;
  return part_of_action(use);
}

// Node has certificates of its own.
Outcome<RuntimeImage> image(const Facts& facts, const Stage& stage) {
  auto result = slim_image(facts, stage, SlimPlace::after_release);
  if (result && result->name != stage.base.text) result->has_certificates = result->wants_certificates = false;
  return result;
}

// ---- the project ----------------------------------------------------------------------------------------------------

// Where a script of package.json is seen to reach outside the project.
std::optional<std::string> outside_path(const std::string& package_json, const ToolUse& use) {
  // Words that are not names of scripts find nothing.
  for (const auto& word : use.command->words)
    if (word.value.is_known())
      if (auto path = script_path_outside(package_json, word.value.text)) return path;
  return std::nullopt;
}

// The path in a word that is absolute or leads upwards, also in one like `--outDir=/srv`.
std::optional<std::string> far_path_in(const ShellCommand& command, std::size_t i) {
  const auto& word = command.words[i];
  std::string_view text = word.value.is_known() ? std::string_view(word.text()) : std::string_view(word.raw);
  if (takes_address(command.words[i - 1].raw)) return std::nullopt;
  if (text.starts_with('-')) {
    if (takes_address(text.substr(0, text.find('=')))) return std::nullopt;
    text.remove_prefix(std::min(text.find('=') + 1, text.size()));
  }
  if (!text.starts_with('/') && text.find("..") == text.npos) return std::nullopt;
  return resolve_path(command.directory.is_known() ? command.directory.text : "/", text);
}

// `pnpm deploy /prod`, `npx tsc --outDir /srv`
std::optional<std::string> path_outside(const ToolUse& use, const std::string& workdir) {
  const auto& words = use.command->words;
  if (is_program_of_package(use))
    for (std::size_t i = 1; i < words.size(); ++i)
      if (auto path = far_path_in(*use.command, i); path && !path_is_under(*path, workdir)) return path;
  for (const auto i : use.operands)
    if (const auto path = path_of(*use.command, words[i]);
        path && words[i].raw.starts_with('/') && !takes_address(words[i - 1].raw) && !path_is_under(*path, workdir))
      return *path;
  return std::nullopt;
}

// Whether the runtime stage gets the pnpm that the container starts, by what the stage does itself. pnpm fetches
// another one where `packageManager` names it.
bool brings_pnpm(const Stage& stage, const Json& package) {
  const auto named = package.string_at("packageManager");
  const auto wanted = named.substr(0, named.find('+'));  // a hash may follow
  return std::ranges::any_of(stage.steps, [&](const Step& step) {
    return step.script && std::ranges::any_of(step.script->uses, [&](const ToolUse& use) {
             return installs_programs(stage, use) && !use.command->has_word("enable") &&
                    (wanted.empty() || use.command->has_word(wanted));
           });
  });
}

// What may make a project need more at run time than its own directory and the programs of Node's slim images: Yarn
// without node_modules, links into pnpm's store, a package manager of its own.
Obstacle runs_from_elsewhere(const Dockerfile& file, const Stage& stage, const std::string& project) {
  bool yarn = false, pnpm = false, corepack = false;
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    for (const auto& use : step.script->uses) {
      yarn |= use.tool->id == "yarn";
      pnpm |= use.tool->id == "pnpm";
      corepack |= use.tool->id == "corepack";
    }
  }
  if (!yarn && !pnpm) return std::nullopt;
  const auto read = [&](std::string_view name) { return read_project_file(file, stage, project, name); };
  if (!file.context().is_known())
    return Declined{"without the project's settings, it is not known whether it needs more than its node_modules"};
  const auto package = read("package.json").value_or("");
  const bool modern_yarn =
      read(".yarnrc.yml") || (package.find("\"yarn@") != package.npos && package.find("\"yarn@1.") == package.npos);
  if (yarn && modern_yarn) return Declined{"Yarn 2 and newer may run the project from a cache outside it"};
  for (const auto& [name, setting] :
       {std::pair("pnpm-workspace.yaml", "VirtualStore"), std::pair("pnpm-workspace.yaml", "pnp"),
        std::pair(".npmrc", "virtual-store"), std::pair(".npmrc", "pnp")})
    if (const auto text = read(name); pnpm && text && text->find(setting) != text->npos)
      return Declined{std::string("`") + name + "` says where pnpm puts packages"};
  const auto start = find_start_command(stage);
  if (!start) return start.declined();
  const std::string_view first = start->words.front(), program = path_basename(first);
  if (first.find("node_modules/.bin/") != first.npos && path_is_under(resolve_path(project, first), project))
    return std::nullopt;
  if (program == "pnpm" && brings_pnpm(stage, parse_json(package).value)) return std::nullopt;
  if (program != "node" && program != "npm" && (program != "yarn" || corepack))
    return Declined{"`" + std::string(program) + "`, which the container runs, may not be in the runtime image"};
  return std::nullopt;
}

// `npm ci`, if the lock file says that no package runs a script when it is installed, and none comes from a Git
// repository. Other lock files do not say it.
bool installs_alike(const Site& site, const ToolUse& use) {
  const auto project = directory_of_use(use);
  const bool clean = use.tool->id == "npm" && use.action->kind == ActionKind::install &&
                     use.command->words.size() > 1 &&
                     (use.command->words[1].value.is("ci") || use.command->words[1].value.is("clean-install"));
  if (!clean || !project.is_known()) return false;
  const auto read = [&](std::string_view name) {
    return read_project_file(site.file, site.stage, project.text, name).value_or("");
  };
  const auto lock = read("package-lock.json");
  const auto root = project_root(site.file, site.stage, project.text);
  if (obstacle_of_compiled_project(site.context(), root)) return false;
  return lock.find("\"packages\"") != lock.npos && lock.find("\"hasInstallScript\"") == lock.npos &&
         lock.find("git+") == lock.npos && !package_json_obstacle(read("package.json"));
}

// What keeps a use from leaving all that it makes in the project, or beside a copied source in `node_modules` alone.
Obstacle find_results_elsewhere(const Conversion& conversion, const ToolUse& use) {
  const auto& workdir = conversion.build.workdir.text;
  const auto project = directory_of_use(use);
  const bool builds = conversion.builds_source;
  if (!project.is_known() || !(builds ? path_is_under(project.text, workdir) : project.is(workdir)))
    return Declined{"`" + std::string(use.command->name()) + "` also works outside `" + workdir +
                    "`, and what it creates there would be lost"};
  if (auto obstacle = obstacle_of_place({conversion.file, conversion.stage, conversion.build}, use, project.text))
    return *obstacle;
  if (const auto named = path_outside(use, workdir))
    return Declined{"`" + *named + "` is outside `" + workdir + "`, and what is created there would be lost"};
  const auto package = read_project_file(conversion.file, conversion.stage, project.text, "package.json").value_or("");
  if (const auto outside = outside_path(package, use))
    return Declined{"the build names `" + *outside + "`, which is outside the project"};
  if (const auto script = script_writing_at_install(package); !builds && script)
    return Declined{"the script `" + *script + "` of package.json may write outside `node_modules`"};
  return std::nullopt;
}

Obstacle find_results_elsewhere(const Conversion& conversion) {
  for (const auto& step : conversion.stage.steps) {
    if (!step.script) continue;
    for (const auto& use : step.script->uses)
      if (is_program_of_package(use) || is_of_project(use))
        if (auto obstacle = find_results_elsewhere(conversion, use)) return obstacle;
  }
  return std::nullopt;
}

// The directory of a project that was built in it, without development dependencies where nothing needs them.
void take_project(const Conversion& conversion, RuntimeProgram& program) {
  const auto& workdir = conversion.build.workdir.text;
  program.artifacts = {{workdir, workdir}};
  if (!has_development_left(conversion.file, conversion.stage, workdir)) {
    program.keeps_development = "no development dependencies are left after the build";
  } else if (const auto prune =
                 find_development_removal(conversion.file, conversion.stage, conversion.stage, workdir)) {
    program.after_build = {prune->text};
    program.checklist = {"no development dependency is needed at run time: `" + prune->title + "` removes them"};
  } else {
    program.keeps_development = prune.reason();
    program.checklist = {"development dependencies stay in the image, because " + program.keeps_development};
  }
  program.checklist.push_back("the build writes nothing outside `" + workdir + "`");
}

Outcome<RuntimeProgram> program(const Conversion& conversion) {
  const auto& workdir = conversion.build.workdir;
  if (!workdir.is_known() || workdir.is("/")) return Declined{"the directory of the project is not known"};
  if (auto obstacle = runs_from_elsewhere(conversion.file, conversion.stage, workdir.text)) return *obstacle;
  if (auto obstacle = find_results_elsewhere(conversion)) return *obstacle;
  if (auto obstacle = obstacle_of_build_tools(conversion.file, conversion.stage, node_runtime)) return *obstacle;
  if (auto obstacle = obstacle_of_unknown_start(conversion)) return *obstacle;
  const auto root = project_root(conversion.file, conversion.stage, workdir.text);
  if (auto obstacle = obstacle_of_programs_elsewhere(conversion.file, conversion.stage, root)) return *obstacle;
  RuntimeProgram result;
  if (conversion.builds_source) {
    if (auto obstacle = output_outside(conversion.file.context(), root)) return *obstacle;
    take_project(conversion, result);
  } else {
    const auto uses = find_package_uses(conversion.file, conversion.stage, workdir.text);
    auto nested = find_nested_modules(conversion, uses.npm_only(), uses.has_development);
    if (!nested) return nested.declined();
    nested->insert(nested->begin(), "node_modules");
    for (const auto& directory : *nested) {
      const auto path = workdir.text + '/' + directory;
      result.artifacts.push_back({path, path});
    }
    result.checklist = {"the installation writes nothing outside `node_modules`"};
  }
  if (conversion.runtime_image != conversion.stage.base.text)
    result.checklist.push_back("native add-ons find their shared libraries in `" + conversion.runtime_image + "`");
  return result;
}

// Whether a line runs a tool that ends what it has started by means of `ps`, which slim images have not.
bool ends_children(std::string_view line) {
  constexpr std::string_view tools[] = {"concurrently",          "npm-run-all", "pm2",         "pm2-runtime", "run-p",
                                        "start-server-and-test", "start-test",  "ts-node-dev", "tsnd"};
  const auto words = split_words(line);
  const auto has = [&](std::string_view word) { return std::ranges::find(words, word) != words.end(); };
  return (has("nest") && has("start") && (has("--watch") || has("-w"))) || std::ranges::any_of(tools, has);
}

// The same of what a container starts, itself or by a script of package.json.
bool ends_children(const Dockerfile& file, const Stage& stage) {
  std::vector<std::string> lines;
  if (const auto start = find_start_command(stage)) {
    lines.emplace_back();
    for (const auto& word : start->words) lines.back() += word + ' ';
  }
  for (const auto& other : file.context().origin().starts) lines.push_back(other.text);
  if (stage.steps.empty() || !stage.steps.back().workdir.is_known()) return false;
  const auto text = read_project_file(file, stage, stage.steps.back().workdir.text, "package.json");
  const auto package = parse_json(text.value_or("")).value;
  const auto* scripts = package.find("scripts");
  return std::ranges::any_of(lines, [&](const std::string& line) {
    return ends_children(line) ||
           (scripts != nullptr && std::ranges::any_of(split_words(line), [&](std::string_view word) {
              return ends_children(scripts->string_at(word));
            }));
  });
}

void add_words(std::string_view packages, std::vector<std::string>& names) {
  for (const auto package : split_words(packages)) names.emplace_back(package);
}

// What packages need that others bring: of those that the lock file says are there when the project runs.
std::vector<std::string> packages_of_locked(const Dockerfile& file, const Stage& stage,
                                            const std::vector<std::string>& manifests) {
  std::vector<std::string> needed;
  if (!file.context().is_known()) return needed;
  auto locked = find_locked_packages(file.context(), source_root(file, stage), manifests);
  if (locked.empty()) locked = find_locked_packages(file.context(), ".", manifests);
  const auto table = file.facts().needed_packages.find("npm");
  for (const auto& name : locked)
    if (const auto row = table->second.find(name); row != table->second.end()) add_words(row->second, needed);
  return needed;
}

// What the source names of the system itself: its fonts, its certificates. `sharp` draws the text of an SVG with fonts.
void add_packages_of_source(const Dockerfile& file, const Stage& stage, std::vector<std::string>& needed) {
  for (const auto& [packages, place] : find_source_marks(file, stage, node_runtime, "npm-source"))
    add_words(packages, needed);
  if (read_package_names(file, stage, {"npm", {"package.json"}, {}}).find("\"sharp\"") == std::string::npos) return;
  for (const auto& [packages, place] : find_source_marks(file, stage, node_runtime, "npm-source-of-sharp"))
    add_words(packages, needed);
}

// Whether Node is told to trust the certificates of the system, or one that lies there, which its slim images have not:
// they purge the package. https://github.com/nodejs/docker-node
bool trusts_system(const Dockerfile& file, const Stage& stage) {
  constexpr std::string_view signs[] = {"--use-openssl-ca", "--use-system-ca", "/etc/ssl/"};
  constexpr std::string_view variables[] = {"NODE_EXTRA_CA_CERTS", "NODE_OPTIONS", "SSL_CERT_DIR", "SSL_CERT_FILE"};
  const auto has_sign = [&](std::string_view text) {
    return std::ranges::any_of(signs, [&](std::string_view sign) { return text.find(sign) != text.npos; });
  };
  const auto& origin = file.context().origin();
  if (has_sign(file.source()) ||
      std::ranges::any_of(origin.starts, [&](const ContainerStart& start) { return has_sign(start.text); }) ||
      std::ranges::any_of(variables, [&](std::string_view name) { return origin.environment.contains(name); }))
    return true;
  if (stage.steps.empty() || !stage.steps.back().workdir.is_known()) return false;
  return has_sign(read_project_file(file, stage, stage.steps.back().workdir.text, "package.json").value_or(""));
}

// The packages of a workspace have manifests of their own.
std::vector<std::string> needed_packages(const Dockerfile& file, const Stage& stage) {
  std::vector<std::string> manifests = {"package.json"};
  if (file.context().is_known())
    for (const auto* below : {"*/package.json", "*/*/package.json"})
      for (auto& manifest : file.context().expand(below))
        if (manifest.find("node_modules/") == manifest.npos) manifests.push_back(std::move(manifest));
  auto needed = packages_of_locked(file, stage, manifests);
  add_packages_of_source(file, stage, needed);
  std::ranges::move(find_needed_packages(file, stage, {"npm", std::move(manifests), {}}), std::back_inserter(needed));
  if (ends_children(file, stage)) needed.emplace_back("procps");
  if (trusts_system(file, stage)) needed.emplace_back("ca-certificates");
  return needed;
}

// `npm start`, `yarn run serve`
std::vector<std::string> run_by(const Dockerfile& file, const Stage& stage, const ShellCommand& command) {
  if (command.use == nullptr || !is_package_manager(command.use->tool->id) || !command.directory.is_known()) return {};
  const auto package = read_project_file(file, stage, command.directory.text, "package.json");
  return package ? script_lines(*package, command) : std::vector<std::string>();
}

// The last installation of all that package.json declares, before a command that builds, where node alone runs then.
const ToolUse* brings_development(const Dockerfile& file, const Stage& stage) {
  const ToolUse* brings = nullptr;
  const auto& directory = stage.steps.empty() ? stage.workdir : stage.steps.back().workdir;
  if (!directory.is_known() || !starts_with_production_packages(file, stage, stage, directory.text)) return nullptr;
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    for (const auto& use : step.script->uses) {
      // `npx nest build`
      if (brings != nullptr && (use.action->kind == ActionKind::build || is_program_of_package(use))) return brings;
      if (!is_package_manager(use.tool->id)) continue;
      if (installs_from_manifest(use) && !is_told_global(use) && !omits_development({file, stage, step}, use))
        brings = &use;
    }
  }
  return nullptr;
}

// A package manager for package managers makes nothing of its own.
bool leaves_nothing(const Site&, const ToolUse& use) { return use.tool->id == "corepack"; }

bool works_in_project(const ToolUse& use) {
  const auto directory = directory_of_use(use);
  return is_package_manager(use.tool->id) && !is_told_global(use) && !links_project(use) && directory.is_known() &&
         use.command->directory.is(directory.text);
}

}  // namespace

extern constinit const Runtime node_runtime = {
    .any_version = true,
    .tools = tools,
    .titles = "npm, Yarn or pnpm",
    .script_endings = script_endings,
    .installers = installers,
    .prompts = prompts,
    .starting_calls = starting_calls,
    .part = part,
    .image = image,
    .program = program,
    .run_by = run_by,
    .scripts_file = "package.json",
    .needed_packages = needed_packages,
    .leaves_nothing = leaves_nothing,
    .installs_alike = installs_alike,
    .installs_programs = installs_programs,
    .installs_tools = installs_package_manager,
    .works_in_project = works_in_project,
    .brings_development = brings_development,
};

}  // namespace dockhew::inline ecosystems
