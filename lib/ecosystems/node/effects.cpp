#include "ecosystems/node/effects.hpp"

#include "ecosystems/build_effects.hpp"
#include "ecosystems/installation.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

bool prunes_workspace(const ToolUse& use) {
  return use.tool->id == "turbo" && !use.action->words.empty() && use.action->words.front() == "prune";
}

// Where `turbo prune` writes; nothing where that is not known.
AffectedPaths pruned_directory(const ToolUse& use) {
  AffectedPaths paths;
  const auto given = option_value(*use.command, "--out-dir");
  add_value(paths, *use.command, given.state == Value::State::undefined ? Value::known("out") : given);
  return paths;
}

}  // namespace

Effects node_effects(const Site&, const ToolUse& use) {
  Effects effects;
  effects.reads.anything = true;
  if (prunes_workspace(use)) {
    effects.writes = pruned_directory(use);
    return effects;
  }
  const bool is_npm = use.tool->id == "npm" && !use.action->reads_source;
  if (!is_npm && !installs_own_manifest(use)) return general_effects(use);
  add_value(effects.writes, *use.command, Value::known("node_modules"));
  // Yarn may leave a map of its packages instead of the packages.
  if (!is_npm)
    for (const auto* path : {".yarn", ".pnp.cjs", ".pnp.loader.mjs"})
      add_value(effects.writes, *use.command, Value::known(path));
  if (use.has_option("-g") || use.has_option("--global")) add_path(effects.writes, *use.command, "/usr/local");
  return effects;
}

// Shown by running Turborepo 2: an edit of a source file leaves these as they were.
std::vector<std::string> pruned_manifests(const ToolUse& use) {
  if (!prunes_workspace(use) || !use.has_option("--docker")) return {};
  const auto directory = pruned_directory(use);
  if (directory.may_be_anywhere() || directory.paths.empty()) return {};
  std::vector<std::string> paths;
  for (const auto* name : {"bun.lock", "json", "package-lock.json", "pnpm-lock.yaml", "yarn.lock"})
    paths.push_back(resolve_path(directory.paths.front().path, name));
  return paths;
}

}  // namespace dockhew::inline ecosystems
