#include "ecosystems/node/prune_command.hpp"

#include <algorithm>
#include <set>
#include <span>
#include <vector>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/installation.hpp"
#include "ecosystems/node/global_packages.hpp"
#include "ecosystems/node/package_json.hpp"
#include "ecosystems/node/package_scripts.hpp"
#include "ecosystems/node/project_place.hpp"
#include "ecosystems/tag_versions.hpp"
#include "effects/environment.hpp"
#include "effects/source_parts.hpp"
#include "effects/unix_effects.hpp"
#include "model/context_path.hpp"
#include "text/json.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view setting_prefix = "npm_config_";

// Which packages npm chooses, where it gets them and where it puts them: pruning decides all of that again.
constexpr std::string_view repeated_options[] = {"--cafile",
                                                 "--force",
                                                 "--foreground-scripts",
                                                 "--global-style",
                                                 "--ignore-scripts",
                                                 "--include",
                                                 "--install-links",
                                                 "--install-strategy",
                                                 "--legacy-bundling",
                                                 "--legacy-peer-deps",
                                                 "--no-optional",
                                                 "--no-package-lock",
                                                 "--no-strict-ssl",
                                                 "--omit",
                                                 "--optional",
                                                 "--package-lock",
                                                 "--registry",
                                                 "--strict-peer-deps",
                                                 "--strict-ssl",
                                                 "--unsafe-perm",
                                                 "--userconfig",
                                                 "-f"};

// What npm says, where it keeps downloads, how it waits for them, and which dependencies a package is noted as.
constexpr std::string_view other_options[] = {"--also",
                                              "--audit",
                                              "--audit-level",
                                              "--cache",
                                              "--color",
                                              "--fetch-retries",
                                              "--fetch-retry-factor",
                                              "--fetch-retry-maxtimeout",
                                              "--fetch-retry-mintimeout",
                                              "--fetch-timeout",
                                              "--fund",
                                              "--loglevel",
                                              "--maxsockets",
                                              "--network-timeout",
                                              "--no-audit",
                                              "--no-color",
                                              "--no-fund",
                                              "--no-progress",
                                              "--no-save",
                                              "--no-update-notifier",
                                              "--offline",
                                              "--prefer-offline",
                                              "--prefer-online",
                                              "--production",
                                              "--progress",
                                              "--quiet",
                                              "--save",
                                              "--save-dev",
                                              "--save-exact",
                                              "--save-prod",
                                              "--silent",
                                              "--timing",
                                              "--verbose",
                                              "-D",
                                              "-E",
                                              "-P",
                                              "-S",
                                              "-d",
                                              "-dd",
                                              "-ddd",
                                              "-q",
                                              "-s",
                                              "-y"};

// Of Yarn 1, https://classic.yarnpkg.com/en/docs/cli/install.
constexpr std::string_view repeated_options_of_yarn[] = {"--cache-folder",    "--frozen-lockfile", "--ignore-engines",
                                                         "--ignore-optional", "--ignore-platform", "--no-lockfile",
                                                         "--pure-lockfile",   "--registry"};
constexpr std::string_view other_options_of_yarn[] = {"--check-files",     "--ignore-scripts", "--network-concurrency",
                                                      "--network-timeout", "--no-progress",    "--non-interactive",
                                                      "--offline",         "--prefer-offline", "--production",
                                                      "--silent",          "--verbose",        "-s"};

// https://pnpm.io/cli/prune. It fetches nothing and reads no lock file anew.
constexpr std::string_view repeated_options_of_pnpm[] = {"--no-optional"};
constexpr std::string_view other_options_of_pnpm[] = {"--child-concurrency",
                                                      "--fetch-retries",
                                                      "--fetch-timeout",
                                                      "--force",
                                                      "--frozen-lockfile",
                                                      "--ignore-scripts",
                                                      "--network-concurrency",
                                                      "--no-frozen-lockfile",
                                                      "--no-lockfile",
                                                      "--no-verify-store-integrity",
                                                      "--offline",
                                                      "--prefer-frozen-lockfile",
                                                      "--prefer-offline",
                                                      "--reporter",
                                                      "--silent",
                                                      "--strict-peer-dependencies",
                                                      "-s"};

// A package manager that can remove the development dependencies again. The second and the third were run for it: what
// scripts of packages have built stays (Yarn 1.22; pnpm 7 to 10).
struct Manager {
  std::string_view tool;
  std::string_view title;      // of the command, for a person
  std::string_view option;     // of an installation
  std::string_view arguments;  // that follow the title
  std::span<const std::string_view> repeated, others;
};
constexpr Manager managers[] = {
    {"npm", "npm prune --omit=dev", "--omit=dev", " --no-save", repeated_options, other_options},
    // Scripts have run already, those of the project may need what is removed, and packages are in the cache.
    {"yarn", "yarn install --production", "--production", " --ignore-scripts --prefer-offline",
     repeated_options_of_yarn, other_options_of_yarn},
    {"pnpm", "pnpm prune --prod", "--prod", " --ignore-scripts", repeated_options_of_pnpm, other_options_of_pnpm},
};

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// "--omit" of `--omit=optional`
std::string_view option_name(std::string_view raw) { return raw.substr(0, raw.find('=')); }

// `npm_config_legacy_peer_deps`, `NPM_CONFIG_legacy-peer-deps` as an option; empty for other variables.
std::string option_of_variable(std::string_view name) {
  auto text = to_lower_ascii(name);
  if (!text.starts_with(setting_prefix)) return {};
  text.replace(0, setting_prefix.size(), "--");
  std::ranges::replace(text, '_', '-');
  return text;
}

// Node 15 brought npm 7, which knows `--omit`; before it, `npm prune --omit=dev` succeeds and removes nothing.
bool is_old_npm(const Stage& stage) {
  const bool of_node = stage.image && stage.image->entry != nullptr && stage.image->entry->language == "node";
  const auto numbers = of_node ? version_numbers(stage.image->version) : std::vector<int>();
  bool old = numbers.empty() ? !of_node || !names_supported(stage.reference) : numbers[0] < 15;
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    for (const auto& use : step.script->uses) {
      if (use.tool->id != "npm" || !is_told_global(use)) continue;
      for (const auto i : use.operands)
        if (const std::string_view raw = use.command->words[i].raw; raw.starts_with("npm@"))
          if (const auto version = version_numbers(raw.substr(4)); !version.empty()) old = version[0] < 7;
    }
  }
  return old;
}

// What the installations of one stage were told.
class Told {
 public:
  explicit Told(const Manager& manager) : manager_(&manager) {}

  Obstacle add(const Site& site, const ToolUse& use) {
    const auto& command = *use.command;
    for (const auto& assignment : command.assignments) {
      const auto option = option_of_variable(assignment.name);
      if (option.empty() || contains(manager_->others, option)) continue;
      if (!assignment.value.value.is_known()) return not_known(assignment.name);
      append(assignments_, assignment.name + '=' + assignment.value.raw);
    }
    for (const auto* name : {"npm_config_legacy_peer_deps", "NPM_CONFIG_LEGACY_PEER_DEPS", "npm_config_force",
                             "NPM_CONFIG_FORCE", "npm_config_omit", "NPM_CONFIG_OMIT"})
      if (find_variable(site, command, name).setter == Setter::script) return not_known(name);
    for (std::size_t i = use.first; i < command.words.size(); ++i)
      if (auto obstacle = add_word(use, i)) return obstacle;
    return std::nullopt;
  }

  std::string before() const { return joined(assignments_, "", " "); }
  std::string after() const { return joined(options_, " ", ""); }

 private:
  Obstacle add_word(const ToolUse& use, std::size_t& i) {
    const auto& words = use.command->words;
    const auto& word = words[i];
    if (!word.raw.starts_with('-')) return std::nullopt;  // a package
    const auto name = option_name(word.raw);
    const bool valued = contains(use.tool->value_options, name) && word.raw.size() == name.size();
    const bool has_next = i + 1 < words.size();
    std::string text = word.raw;
    if (valued && has_next) text += ' ' + words[++i].raw;
    if (contains(manager_->others, name) || text.ends_with("=dev") || text.ends_with(" dev")) return std::nullopt;
    const bool known = word.value.is_known() && words[i].value.is_known();
    if (name == "--cache-folder" && known && is_in_project(*use.command, words[i])) return std::nullopt;
    if (!contains(manager_->repeated, name) || !known) return not_known(std::string(name));
    append(options_, text);
    return std::nullopt;
  }

  // A cache there was removed after the installation, or is not to be filled with what the project does not ship.
  static bool is_in_project(const ShellCommand& command, const ShellWord& word) {
    auto value = word;
    value.value = Value::known(word.text().substr(word.text().find('=') + 1));
    const auto path = path_of(command, value);
    return !path || !command.directory.is_known() || path_is_under(*path, command.directory.text);
  }

  static Obstacle not_known(const std::string& setting) {
    return Declined{"the installation was told `" + setting + "`, and pruning may have to be told the same"};
  }

  void append(std::vector<std::string>& all, const std::string& text) {
    if (seen_.insert(text).second) all.push_back(text);
  }

  static std::string joined(const std::vector<std::string>& all, std::string_view before, std::string_view after) {
    std::string text;
    for (const auto& each : all) text.append(before).append(each).append(after);
    return text;
  }

  const Manager* manager_;
  std::vector<std::string> assignments_, options_;  // without repetitions
  std::set<std::string> seen_;
};

// Whether the directory is moved or removed by a command.
bool takes_away(const Site& site, const ShellCommand& command, const std::string& directory) {
  if (command.use) return false;
  const auto effects = command_effects(site, command);
  return std::ranges::any_of(effects.removes.paths,
                             [&](const AffectedPath& removed) { return path_is_under(directory, removed.path); });
}

// Yarn puts each package back as it was published (seen with 1.22; what the packages' own scripts have built stays, and
// so does `node_modules/.prisma`), so no script of the project may have changed one.
Obstacle obstacle_of_changed_packages(const Stage& stage, const std::string& text, const Json& package) {
  const Declined changed{"Yarn would undo what a script of package.json may have changed in the packages"};
  if (lifecycle_script_obstacle(package, {.git = false, .patches = false})) return changed;
  const auto* scripts = package.find("scripts");
  for (const auto& step : stage.steps)
    for (const auto& command : step.script ? std::span(step.script->commands) : std::span<const ShellCommand>())
      for (const auto& word : command.words)
        if (scripts != nullptr && word.value.is_known() && scripts->contains(word.text()) &&
            package_script_obstacle(text, word.text()))
          return changed;
  return std::nullopt;
}

// What pnpm and Yarn cannot prune by one command for the whole project.
Obstacle obstacle_of_manager(const Dockerfile& file, const Stage& stage, std::string_view tool,
                             const std::string& project) {
  if (tool == "npm") return std::nullopt;
  const auto root = project_root(file, stage, project);
  const auto text = file.context().read(join_context_path(root, "package.json"));
  if (!text) return Declined{"without package.json, it is not known what of it is for development"};
  const auto package = parse_json(*text).value;
  if (package.contains("workspaces") || file.context().exists(join_context_path(root, "pnpm-workspace.yaml")))
    return Declined{"the packages of a workspace have development dependencies of their own"};
  if (tool == "yarn") return obstacle_of_changed_packages(stage, *text, package);
  const auto majors = named_majors(stage, package, tool);
  constexpr int first = 8;  // `pnpm prune` takes --ignore-scripts
  if (std::ranges::any_of(majors, [](int major) { return major < first; }))
    return Declined{"pnpm before version 8 runs the project's scripts when it prunes, which may need what is removed"};
  return std::nullopt;
}

bool is_named(std::string_view package_json, const ShellWord& word) {
  const std::string_view text = word.text();
  const auto version = text.find('@', 1);
  return word.value.is_known() &&
         package_json.find('"' + std::string(text.substr(0, version)) + '"') != package_json.npos;
}

// `npm install pg`, and then `COPY . .`, whose package.json does not name it.
bool adds_unnamed(const Site& site, const ToolUse& use, const std::string& root) {
  if (installation_of(use).declares != Declares::names || is_told_global(use)) return false;
  const auto manifest = join_context_path(root, "package.json");
  const auto text = site.context().read(manifest).value_or("");
  const bool named =
      std::ranges::all_of(use.operands, [&](std::size_t i) { return is_named(text, use.command->words[i]); });
  const auto replaces = [&](const Step& step) {
    return step.index > site.step.index && step.copy && step.copy->from_context() &&
           copy_brings(site.file, *step.copy, manifest);
  };
  return !named && (use.has_option("--no-save") || std::ranges::any_of(site.stage.steps, replaces));
}

// `COPY vendor/x node_modules/x`, `ln -s ../lib node_modules/lib`
bool puts_into(const Site& site, const std::string& packages) {
  const auto is_below = [&](std::string_view path) { return path != packages && path_is_under(path, packages); };
  if (site.step.copy) return site.step.copy->destination.is_known() && is_below(site.step.copy->destination.text);
  if (!site.step.script) return false;
  const auto& facts = site.file.facts();
  return std::ranges::any_of(site.step.script->commands, [&](const ShellCommand& command) {
    if (command.use != nullptr || !has_operands(facts, command, {Operands::copied, Operands::linked, Operands::moved}))
      return false;
    const auto writes = unix_effects(facts, command).writes;
    return std::ranges::any_of(writes.paths, [&](const AffectedPath& each) { return is_below(each.path); });
  });
}

// A script of package.json that a RUN names and that puts something into `node_modules`: `cp -r shared node_modules/`.
Obstacle obstacle_of_scripts(const Site& site, const Json& package) {
  const auto* scripts = package.find("scripts");
  if (scripts == nullptr || !site.step.script) return std::nullopt;
  for (const auto& command : site.step.script->commands)
    for (const auto& word : command.words)
      if (word.value.is_known() && scripts->string_at(word.text()).find("node_modules/") != std::string::npos)
        return Declined{"the script `" + word.text() +
                        "` of package.json names `node_modules`, and pruning may undo it"};
  return std::nullopt;
}

// A generated client with a name of its own, `output = "../node_modules/@internal/client"`.
Obstacle obstacle_of_schema(const BuildContext& context, const std::string& root) {
  const auto text = context.read(join_context_path(root, "prisma/schema.prisma")).value_or("");
  for (const auto line : split_lines(text))
    if (line.find("output") != line.npos && line.find("node_modules") != line.npos &&
        line.find("node_modules/.prisma") == line.npos)
      return Declined{"prisma/schema.prisma generates a package into `node_modules` that pruning would take out again"};
  return std::nullopt;
}

// What package.json does not name is taken away too.
Obstacle obstacle_of_other_packages(const Dockerfile& file, const Stage& stage, const std::string& project) {
  const auto root = project_root(file, stage, project);
  const auto package = parse_json(file.context().read(join_context_path(root, "package.json")).value_or("")).value;
  if (auto obstacle = obstacle_of_schema(file.context(), root)) return obstacle;
  for (const auto& step : stage.steps) {
    const Site site{file, stage, step};
    if (auto obstacle = obstacle_of_scripts(site, package)) return obstacle;
    if (puts_into(site, project + "/node_modules"))
      return Declined{"the file puts a package into `node_modules` that pruning would take out again"};
    for (const auto& use : site.uses())
      if (is_package_manager(use.tool->id) && adds_unnamed(site, use, root))
        return Declined{"`" + first_words(step.script->text.view(use.command->span), 60) +
                        "` installs what package.json does not name, and pruning would take it out again"};
  }
  return std::nullopt;
}

}  // namespace

Outcome<PruneCommand> find_prune_command(const Dockerfile& file, const Stage& stage, std::string_view tool,
                                         const std::string& project) {
  const auto* manager = std::ranges::find(managers, tool, &Manager::tool);
  if (manager == std::end(managers)) return Declined{"how " + std::string(tool) + " removes them again is not known"};
  if (auto obstacle = obstacle_of_manager(file, stage, tool, project)) return *obstacle;
  if (auto obstacle = obstacle_of_other_packages(file, stage, project)) return *obstacle;
  Told told(*manager);
  const auto packages = project + "/node_modules";
  bool there = false;
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    const Site site{file, stage, step};
    for (const auto& command : step.script->commands) {
      if (takes_away(site, command, packages)) there = false;
      const auto* use = command.use;
      if (use == nullptr || use->tool->id != tool || use->action->kind != ActionKind::install || is_told_global(*use))
        continue;
      there = true;
      if (use->action->from_scratch) told = Told(*manager);  // what was installed before is gone
      if (auto obstacle = told.add(site, *use)) return *obstacle;
    }
  }
  if (!there) return Declined{"a RUN moves or removes `" + packages + "`"};
  const bool old = tool == "npm" && is_old_npm(stage);
  const std::string title = old ? "npm prune --production" : std::string(manager->title);
  return PruneCommand{told.before() + title + std::string(manager->arguments) + told.after(), title,
                      old ? "--production" : std::string(manager->option)};
}

}  // namespace dockhew::inline ecosystems
