#include "ecosystems/ruby/effects.hpp"

#include "ecosystems/build_effects.hpp"
#include "ecosystems/ruby/gem_places.hpp"
#include "effects/environment.hpp"

namespace dockhew::inline ecosystems {

Effects ruby_effects(const Site& site, const ToolUse& use) {
  if (use.tool->id != "bundler") return general_effects(use);
  Effects effects;
  effects.reads.anything = true;
  if (use.action->kind == ActionKind::install) {
    auto path = bundle_path(site, *use.command);
    if (path.state == Value::State::undefined) path = environment(site, *use.command, "GEM_HOME");
    add_value(effects.writes, *use.command, path);
  }
  return effects;
}

}  // namespace dockhew::inline ecosystems
