#include "ecosystems/node/omitted_development.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "ecosystems/installation.hpp"
#include "ecosystems/node/global_packages.hpp"
#include "ecosystems/node/late_schema.hpp"
#include "ecosystems/node/locked_packages.hpp"
#include "ecosystems/node/missing_script.hpp"
#include "ecosystems/node/package_json.hpp"
#include "ecosystems/node/package_scripts.hpp"
#include "ecosystems/node/project_place.hpp"
#include "edits/run_edits.hpp"
#include "effects/environment.hpp"
#include "facts/facts.hpp"
#include "model/context_path.hpp"
#include "model/runs.hpp"
#include "text/json.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Of npm and Yarn.
constexpr std::string_view omitting_options[] = {"--omit=dev", "--only=prod", "--only=production", "--production"};

// How the project's packages were installed before a use.
struct Installed {
  bool known = false;    // and nothing else may have brought packages
  bool omitted = false;  // without those for development
  const Step* step = nullptr;
  const ToolUse* use = nullptr;  // the last
};

// A COPY that may bring packages: from another stage, or with a `node_modules` of the context.
bool may_bring_packages(const Site& site, const Copy& copy, const std::string& root) {
  if (!copy.from_context()) return true;
  return site.context().exists(join_context_path(root, "node_modules"));
}

// Whether programs of the same name may come from elsewhere: the base image is not an official one of Node, a step
// changes PATH or puts files where programs are, or runs what nobody knows.
bool may_bring_programs(const Site& site) {
  constexpr std::string_view places[] = {"/bin", "/usr/bin", "/usr/local/bin"};
  const auto& step = site.step;
  const auto text = step.instruction->text.view();
  if (find_name(text, "PATH", "_") != text.npos) return true;
  const auto is_place = [&](std::string_view place) { return text.find(place) != text.npos; };
  if (step.copy) return std::ranges::any_of(places, is_place);
  if (step.instruction->keyword != Keyword::run) return false;
  if (!step.script || step.script->opaque) return true;
  return std::ranges::any_of(step.script->commands, [&](const ShellCommand& command) {
    const auto& facts = site.file.facts();
    const bool known = command.words.empty() || command.use != nullptr ||
                       facts.unix_command(command.name()) != nullptr || facts.is_bystander(command.name());
    return !known || (command.use == nullptr && std::ranges::any_of(places, is_place));
  });
}

bool is_official_node(const Stage& stage) {
  const auto& image = stage.image;
  return image && image->entry != nullptr && image->entry->language == "node" && !image->only_configured &&
         stage.reference.registry.empty();
}

Installed installed_before(const Site& site, const ToolUse& until, const std::string& directory,
                           const std::string& root) {
  Installed installed;
  if (!is_official_node(*chain_of(site.file, site.stage).back())) return {};
  if (may_bring_programs(site) || site.any_earlier({"may bring programs"}, may_bring_programs)) return {};
  for (const auto& [stage, step] : steps_of_chain(site.file, site.stage)) {
    const Site here{site.file, *stage, *step};
    if (step->copy && may_bring_packages(here, *step->copy, root)) return {};
    for (const auto& use : here.uses()) {
      if (&use == &until) return installed;
      if (use.action->kind != ActionKind::install && use.action->kind != ActionKind::fetch) continue;
      // One of another tool, of single packages, for the image or elsewhere may bring what is asked for.
      if (is_told_global(use) || !is_package_manager(use.tool->id) || !installs_from_manifest(use) ||
          !directory_of_use(use).is(directory))
        return {};
      installed = {true, omits_development(here, use), step, &use};
    }
  }
  return {};
}

// `vite` of `npx vite build`
std::string_view program_of(std::string_view part) {
  const auto words = split_words(part);
  std::size_t first = 0;
  while (first < words.size() && (words[first].find('=') != words[first].npos || words[first] == "cross-env")) ++first;
  return first < words.size() ? words[first] : std::string_view();
}

// The first program of a line's commands that certainly is in none of the packages.
std::string missing_program(std::string_view line, const Json& development, const std::set<std::string>& production) {
  if (line.find_first_of("|;`$()<>") != line.npos) return {};
  while (!line.empty()) {
    const auto end = line.find("&&");
    const auto program = program_of(line.substr(0, end));
    line.remove_prefix(end == line.npos ? line.size() : end + 2);
    const auto packages = packages_with_program(program);
    const bool declared =
        std::ranges::any_of(packages, [&](std::string_view name) { return development.find(name) != nullptr; });
    const bool there =
        std::ranges::any_of(packages, [&](std::string_view name) { return production.contains(std::string(name)); });
    if (declared && !there) return std::string(program);
  }
  return {};
}

// Whether packages may be there before a use: installed, or copied.
bool may_have_packages(const Site& site, const ToolUse& until, const std::string& root) {
  for (const auto& [stage, step] : steps_of_chain(site.file, site.stage)) {
    const Site here{site.file, *stage, *step};
    if (step->copy && may_bring_packages(here, *step->copy, root)) return true;
    for (const auto& use : here.uses()) {
      if (&use == &until) return false;
      if (use.action->kind == ActionKind::install) return true;
    }
  }
  return true;
}

// What an installation without development dependencies starts by the project's own scripts. npm 7, which came with
// Node 15, runs `prepare` there too. https://docs.npmjs.com/cli/using-npm/scripts#npm-ci
std::string missing_for_own_scripts(const Site& site, const ToolUse& use, const std::string& root,
                                    const Json& manifest) {
  const auto& image = site.stage.image;
  const bool runs_scripts = use.tool->id == "npm" && installs_own_manifest(use) &&
                            !use.has_option("--ignore-scripts") &&
                            !environment(site, *use.command, "npm_config_ignore_scripts").is("true");
  if (!runs_scripts || !omits_development(site, use) || !image || image->entry == nullptr ||
      image->entry->language != "node" || !version_at_least(image->version, "15"))
    return {};
  const auto* development = manifest.find("devDependencies");
  const auto* scripts = manifest.find("scripts");
  if (development == nullptr || scripts == nullptr || may_have_packages(site, use, root)) return {};
  const auto production = find_locked_packages(site.context(), root, {join_context_path(root, "package.json")});
  if (production.empty()) return {};
  for (const auto* name : {"install", "postinstall", "prepare"})
    if (auto program = missing_program(scripts->string_at(name), *development, production); !program.empty())
      return program;
  return {};
}

// The program, and the installation that left it out; empty where none is known to be missing.
struct MissingProgram {
  std::string name;
  Installed by = {};
};

MissingProgram missing_program_of(const Site& site, const ToolUse& use) {
  const auto& context = site.context();
  const auto directory = directory_of_use(use);
  if (!is_package_manager(use.tool->id) || !context.is_known() || !directory.is_known()) return {};
  const auto root = project_root(site.file, site.stage, directory.text);
  const auto text = context.read(join_context_path(root, "package.json"));
  if (!text) return {};
  const auto manifest = parse_json(*text).value;
  if (use.action->kind == ActionKind::install) return {missing_for_own_scripts(site, use, root, manifest)};
  const auto lines = script_lines(*text, *use.command);
  if (lines.empty()) return {};
  const auto* development = manifest.find("devDependencies");
  if (development == nullptr || manifest.find("workspaces") != nullptr) return {};
  // Later releases of Yarn do not look at NODE_ENV.
  const auto yarn = context.read(join_context_path(root, "yarn.lock"));
  if (use.tool->id == "yarn" && (!yarn || yarn->find("yarn lockfile v1") == std::string::npos)) return {};
  const auto installed = installed_before(site, use, directory.text, root);
  if (!installed.known || !installed.omitted) return {};
  const auto production = find_locked_packages(context, root, {join_context_path(root, "package.json")});
  if (production.empty()) return {};
  for (const auto& line : lines)
    if (auto program = missing_program(line, *development, production); !program.empty()) return {program, installed};
  return {};
}

// The words of an installation that leave out what is for development are taken away; where a variable says so, it is
// told otherwise.
void install_development(const Installed& installed, Refusal& refusal) {
  if (installed.use == nullptr) return;
  const auto& script = *installed.step->script;
  const auto& command = *installed.use->command;
  for (const auto& word : command.words)
    if (std::ranges::find(omitting_options, word.raw) != std::end(omitting_options))
      refusal.edits.push_back(remove_word(script, word));
  if (refusal.edits.empty() && installed.use->tool->id == "npm" && installed.use->first > 1) {
    const auto end = script.to_source(command.words[installed.use->first - 1].span).end;
    refusal.edits.push_back({{end, end}, " --include=dev"});
  }
  refusal.title = "install what the build needs";
}

std::string schema_of_installation(const Site& site, const ToolUse& use) {
  const auto directory = directory_of_use(use);
  if (use.action->kind != ActionKind::install || !is_package_manager(use.tool->id) || !site.context().is_known() ||
      !directory.is_known())
    return {};
  const auto root = project_root(site.file, site.stage, directory.text);
  const auto text = site.context().read(join_context_path(root, "package.json"));
  return text ? late_schema(site, use, root, parse_json(*text).value) : std::string();
}

}  // namespace

bool asks_for_development(const ToolUse& use) {
  constexpr std::string_view options[] = {"--also=dev", "--include=dev", "--prod=false", "--production=false"};
  return std::ranges::any_of(options, [&](std::string_view option) { return use.command->has_word(option); });
}

bool omits_development(const Site& site, const ToolUse& use) {
  if (asks_for_development(use)) return false;
  if (std::ranges::any_of(omitting_options, [&](std::string_view option) { return use.command->has_word(option); }))
    return true;
  if (use.tool->id == "pnpm" && (use.command->has_word("--prod") || use.command->has_word("-P"))) return true;
  return environment(site, *use.command, "NODE_ENV").is("production");
}

Refusal node_missing_for_build(const Site& site, const ToolUse& use) {
  if (const auto script = missing_script(site, use); !script.empty())
    return {"package.json has no script `" + script + "`, so this fails"};
  if (const auto schema = schema_of_installation(site, use); !schema.empty())
    return {"package.json has this run `prisma generate`, which fails because `" + schema +
            "` is only copied later; copy it before"};
  const auto program = missing_program_of(site, use);
  if (program.name.empty()) return {};
  if (use.action->kind == ActionKind::install)
    return {"a script of package.json that this runs starts `" + program.name +
            "`, which is among the development dependencies that it leaves out; add `--ignore-scripts`, or let the "
            "script succeed without it"};
  Refusal refusal{"this starts `" + program.name +
                  "`, which is not installed: it is in a development dependency, and the installation left these out"};
  install_development(program.by, refusal);
  return refusal;
}

}  // namespace dockhew::inline ecosystems
