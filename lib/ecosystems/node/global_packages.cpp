#include "ecosystems/node/global_packages.hpp"

#include <algorithm>
#include <span>

#include "ecosystems/installation.hpp"
#include "ecosystems/node/project_place.hpp"
#include "ecosystems/started_programs.hpp"
#include "model/start_command.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

struct BuildTool {
  std::string_view package, programs;
};

constexpr BuildTool build_tools[] = {
    {"@angular/cli", "ng"},
    {"@babel/cli", "babel"},
    {"@ionic/cli", "ionic"},
    {"@nestjs/cli", "nest"},
    {"@quasar/cli", "quasar"},
    {"@vue/cli", "vue"},
    {"@vue/cli-service", "vue-cli-service"},
    {"bower", "bower"},
    {"esbuild", "esbuild"},
    {"gatsby-cli", "gatsby"},
    {"grunt-cli", "grunt"},
    {"gulp", "gulp"},
    {"gulp-cli", "gulp"},
    {"lerna", "lerna"},
    {"node-gyp", "node-gyp"},
    {"npm-check-updates", "ncu npm-check-updates"},
    {"nx", "nx"},
    {"parcel", "parcel"},
    {"parcel-bundler", "parcel"},
    {"rimraf", "rimraf"},
    {"rollup", "rollup"},
    {"ts-node", "ts-node ts-node-esm ts-script"},
    {"tsc-alias", "tsc-alias"},
    {"tsup", "tsup"},
    {"turbo", "turbo"},
    {"typescript", "tsc tsserver"},
    {"vite", "vite"},
    {"webpack", "webpack"},
    {"webpack-cli", "webpack webpack-cli"},
};
// They serve files or start something else, are not compiled, and need no program of the system.
constexpr std::string_view programs[] = {"cross-env",   "dotenv-cli",  "env-cmd",          "http-server", "json-server",
                                         "lite-server", "live-server", "local-web-server", "serve",       "sirv-cli"};

// "@nestjs/cli" of `@nestjs/cli@10`
std::string_view package_name(std::string_view raw) { return raw.substr(0, raw.find('@', 1)); }

const BuildTool* find_build_tool(std::string_view package) {
  const auto found = std::ranges::find(build_tools, package, &BuildTool::package);
  return found == std::end(build_tools) ? nullptr : found;
}

// `npm install -g`, with packages that are all of one kind.
template <typename Test>
bool installs_globally(const ToolUse& use, const Test& is_wanted) {
  return use.tool->id == "npm" && is_told_global(use) && use.action->kind == ActionKind::install &&
         !use.operands.empty() && std::ranges::all_of(use.operands, [&](std::size_t i) {
           return is_wanted(package_name(use.command->words[i].raw));
         });
}

}  // namespace

std::vector<std::string_view> packages_with_program(std::string_view program) {
  std::vector<std::string_view> packages = {program};
  for (const auto& tool : build_tools)
    for (const auto each : split_words(tool.programs))
      if (each == program) packages.push_back(tool.package);
  return packages;
}

bool installs_package_manager(const ToolUse& use) {
  if (!is_told_global(use) || use.action->kind != ActionKind::install || use.operands.empty()) return false;
  return std::ranges::all_of(use.operands, [&](std::size_t i) {
    const std::string_view raw = use.command->words[i].raw;
    const auto name = raw.substr(0, raw.find('@', 1));
    return is_package_manager(name) || name == "corepack";
  });
}

bool installs_build_tools(const ToolUse& use) {
  return installs_globally(use, [](std::string_view name) {
    return find_build_tool(name) != nullptr || is_package_manager(name) || name == "corepack";
  });
}

bool installs_servers(const ToolUse& use) {
  return installs_globally(
      use, [](std::string_view name) { return std::ranges::find(programs, name) != std::end(programs); });
}

std::string_view started_manager(const Stage& stage) {
  constexpr std::string_view pnpm = "pnpm";
  const auto start = find_start_command(stage);
  return start && start->words.front() == pnpm ? pnpm : std::string_view();
}

bool installs_programs(const Stage& stage, const ToolUse& use) {
  if (installs_servers(use)) return true;
  const auto manager = started_manager(stage);
  const auto names_it = [&](const ShellWord& word) { return package_name(word.raw) == manager; };
  const auto names_version = [&](const ShellWord& word) { return names_it(word) && word.raw.size() > manager.size(); };
  if (manager.empty()) return false;
  if (use.tool->id != "corepack")
    return installs_package_manager(use) && std::ranges::any_of(use.command->words, names_it);
  // Without a version it would be fetched when the container starts, where the builder has it by then.
  return use.command->has_word("enable") || std::ranges::any_of(use.command->words, names_version);
}

std::vector<int> named_majors(const Stage& stage, const Json& package, std::string_view tool) {
  std::vector<int> majors;
  for (const auto& step : stage.steps)
    for (const auto& command : step.script ? std::span(step.script->commands) : std::span<const ShellCommand>())
      for (const auto& word : command.words) {
        const std::string_view raw = word.raw;
        if (!raw.starts_with(tool) || !raw.substr(tool.size()).starts_with('@')) continue;
        if (const auto version = version_numbers(raw.substr(tool.size() + 1)); !version.empty())
          majors.push_back(version[0]);
      }
  const auto manager = package.string_at("packageManager");
  if (manager.starts_with(std::string(tool) + '@'))
    if (const auto version = version_numbers(manager.substr(tool.size() + 1)); !version.empty())
      majors.push_back(version[0]);
  return majors;
}

Obstacle obstacle_of_build_tools(const Dockerfile& file, const Stage& stage, const Runtime& runtime) {
  std::vector<const BuildTool*> installed;
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    for (const auto& use : step.script->uses)
      if (installs_build_tools(use))
        for (const auto i : use.operands)
          if (const auto* tool = find_build_tool(package_name(use.command->words[i].raw))) installed.push_back(tool);
  }
  if (installed.empty()) return std::nullopt;
  const auto started = find_started_programs(file, stage, runtime);
  for (const auto* tool : installed)
    for (const auto program : split_words(tool->programs))
      if (started->names.contains(std::string(program)))
        return Declined{"the container starts `" + std::string(program) + "`, which is installed globally, from `" +
                        std::string(tool->package) + "`"};
  return std::nullopt;
}

}  // namespace dockhew::inline ecosystems
