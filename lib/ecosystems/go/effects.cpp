#include "ecosystems/go/effects.hpp"

#include "ecosystems/build_effects.hpp"
#include "ecosystems/go/runtime.hpp"
#include "ecosystems/project_sources.hpp"
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

// https://pkg.go.dev/cmd/cgo: off in cross compilation, and where no compiler is there.
bool go_links_c_library(const Site& site, const ToolUse& use) {
  const auto& command = *use.command;
  if (use.action->kind != ActionKind::build || !site.context().is_known()) return false;
  for (const auto* variable : {"GOOS", "GOARCH", "GOFLAGS", "CC"})
    if (environment(site, command, variable).state != Value::State::undefined) return false;
  const auto cgo = environment(site, command, "CGO_ENABLED");
  if (cgo.is_unknown() || (cgo.is_known() && cgo.text != "1")) return false;
  // A compiler that is not needed is not sure to be used either, so only the full image is.
  if (cgo.state == Value::State::undefined && !(site.stage.image && site.stage.image->compilers)) return false;
  for (const auto& word : command.words)
    if (word.value.is_unknown() || word.text().find("static") != std::string::npos ||
        word.text().starts_with("-tags") || word.text().starts_with("--tags") || word.text().starts_with("-buildmode"))
      return false;
  static constexpr std::string_view marks[] = {"\"net\"", "\"net/http\"", "\"os/user\"", "\"C\""};
  return find_source_mark(site.context(), source_root(site.file, site.stage), go_runtime, marks).has_value();
}

}  // namespace dockhew::inline ecosystems
