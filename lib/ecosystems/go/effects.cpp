#include "ecosystems/go/effects.hpp"

#include "ecosystems/build_effects.hpp"
#include "effects/environment.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

void add_installed(Effects& effects, const Site& site, const ShellCommand& command) {
  const auto bin = environment(site, command, "GOBIN"), path = environment(site, command, "GOPATH");
  if (bin.is_known()) add_path(effects.writes, command, clean_path(bin.text));
  else if (path.is_known()) add_path(effects.writes, command, clean_path(path.text + "/bin"));
  else effects.writes.anything = true;
}

}  // namespace

Effects go_effects(const Site& site, const ToolUse& use) {
  const auto& command = *use.command;
  Effects effects;
  effects.reads.anything = true;
  const auto output = option_value(command, "-o");
  if (output.state != Value::State::undefined) add_value(effects.writes, command, output);
  else if (command.has_word("install")) add_installed(effects, site, command);
  else if (command.has_word("build") || command.has_word("generate") || command.has_word("vendor"))
    add_value(effects.writes, command, Value::known("."));
  return effects;
}

}  // namespace dockhew::inline ecosystems
