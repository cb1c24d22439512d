#include "ecosystems/ruby/effects.hpp"

#include "ecosystems/build_effects.hpp"
#include "effects/environment.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Gems go below the path given to Bundler by `bundle config set path`, by an option or by the environment.
Value bundle_path(const Site& site, const ShellCommand& command) {
  auto path = option_value(command, "--path");
  for (const auto& earlier : site.step.script->commands) {
    if (&earlier == &command) break;
    if (earlier.name() == "bundle" && earlier.has_word("config") && earlier.has_word("path"))
      path = earlier.words.back().value;
  }
  for (const auto* variable : {"BUNDLE_PATH", "GEM_HOME"})
    if (path.state == Value::State::undefined) path = environment(site, command, variable);
  return path;
}

}  // namespace

Effects ruby_effects(const Site& site, const ToolUse& use) {
  if (use.tool->id != "bundler") return general_effects(use);
  Effects effects;
  effects.reads.anything = true;
  if (use.action->kind == ActionKind::install) add_value(effects.writes, *use.command, bundle_path(site, *use.command));
  return effects;
}

}  // namespace dockhew::inline ecosystems
