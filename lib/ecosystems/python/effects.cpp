#include "ecosystems/python/effects.hpp"

#include "ecosystems/build_effects.hpp"

namespace dockhew::inline ecosystems {

// Packages go into Python's directories, or where an option says.
Effects python_effects(const Site&, const ToolUse& use) {
  if (use.tool->id != "pip" || use.action->reads_source) return general_effects(use);
  const auto& command = *use.command;
  Effects effects;
  effects.reads.anything = true;
  for (const auto* directory : {"/usr/local", "/usr/lib", "/root/.cache"}) add_path(effects.writes, command, directory);
  for (const auto* option : {"--prefix", "--root", "--target", "-t"})
    for (const auto& value : option_values(command, option)) add_value(effects.writes, command, value);
  return effects;
}

}  // namespace dockhew::inline ecosystems
