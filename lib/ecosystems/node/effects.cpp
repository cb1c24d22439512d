#include "ecosystems/node/effects.hpp"

#include "ecosystems/build_effects.hpp"
#include "ecosystems/installation.hpp"

namespace dockhew::inline ecosystems {

Effects node_effects(const Site&, const ToolUse& use) {
  const bool is_npm = use.tool->id == "npm" && !use.action->reads_source;
  if (!is_npm && !installs_own_manifest(use)) return general_effects(use);
  Effects effects;
  effects.reads.anything = true;
  add_value(effects.writes, *use.command, Value::known("node_modules"));
  // Yarn may leave a map of its packages instead of the packages.
  if (!is_npm)
    for (const auto* path : {".yarn", ".pnp.cjs", ".pnp.loader.mjs"})
      add_value(effects.writes, *use.command, Value::known(path));
  if (use.has_option("-g") || use.has_option("--global")) add_path(effects.writes, *use.command, "/usr/local");
  return effects;
}

}  // namespace dockhew::inline ecosystems
