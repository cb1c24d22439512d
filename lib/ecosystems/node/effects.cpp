#include "ecosystems/node/effects.hpp"

#include "ecosystems/build_effects.hpp"

namespace dockhew::inline ecosystems {

Effects node_effects(const Site&, const ToolUse& use) {
  if (use.tool->id != "npm" || use.action->reads_source) return general_effects(use);
  Effects effects;
  effects.reads.anything = true;
  add_value(effects.writes, *use.command, Value::known("node_modules"));
  if (use.has_option("-g") || use.has_option("--global")) add_path(effects.writes, *use.command, "/usr/local");
  return effects;
}

}  // namespace dockhew::inline ecosystems
