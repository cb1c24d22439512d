#include "ecosystems/system/effects.hpp"

#include "ecosystems/build_effects.hpp"

namespace dockhew::inline ecosystems {

Effects system_effects(const Site&, const ToolUse& use) {
  if (use.tool->id != "apt") return general_effects(use);
  Effects effects;
  effects.reads.anything = true;
  for (const auto* directory : {"/bin", "/etc", "/lib", "/opt", "/sbin", "/usr", "/var"})
    add_path(effects.writes, *use.command, directory);
  effects.removes = effects.writes;
  return effects;
}

}  // namespace dockhew::inline ecosystems
