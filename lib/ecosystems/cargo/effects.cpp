#include "ecosystems/cargo/effects.hpp"

#include "ecosystems/build_effects.hpp"
#include "ecosystems/project_sources.hpp"
#include "effects/environment.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

// An image that was never read could set the variable too, but images do not.
Value target_variable(const Site& site, const ShellCommand& command) {
  auto variable = find_variable(site, command, "CARGO_TARGET_DIR");
  const bool unseen = variable.value.is_unknown() && variable.setter == Setter::nobody && !site.stage.image;
  return unseen ? Value() : std::move(variable.value);
}

void add_target(Effects& effects, const Site& site, const ShellCommand& command) {
  auto target = option_value(command, "--target-dir");
  if (target.state == Value::State::undefined) target = target_variable(site, command);
  if (target.state != Value::State::undefined) return add_value(effects.writes, command, target);
  // A workspace has its target directory at its root, which the manifest alone does not reveal.
  if (option_value(command, "--manifest-path").state != Value::State::undefined) effects.writes.anything = true;
  else add_value(effects.writes, command, Value::known("target"));
}

void add_installed(Effects& effects, const Site& site, const ShellCommand& command) {
  const auto root = option_value(command, "--root");
  if (root.state != Value::State::undefined) return add_value(effects.writes, command, root);
  const auto home = environment(site, command, "CARGO_HOME");
  if (home.is_known()) add_path(effects.writes, command, clean_path(home.text + "/bin"));
  else effects.writes.anything = true;
}

}  // namespace

Effects cargo_effects(const Site& site, const ToolUse& use) {
  const auto& command = *use.command;
  Effects effects;
  effects.reads.anything = true;
  add_target(effects, site, command);
  for (const auto* option : {"--artifact-dir", "--out-dir"})
    for (const auto& copies : option_values(command, option)) add_value(effects.writes, command, copies);
  if (command.has_word("install")) add_installed(effects, site, command);
  return effects;
}

std::vector<std::string> cargo_recipe(const ToolUse& use) {
  if (use.action->words.size() != 2 || use.action->words[1] != "prepare") return {};
  const auto path = option_value(*use.command, "--recipe-path");
  if (path.is_unknown() || !use.command->directory.is_known()) return {};
  return {resolve_path(use.command->directory.text, path.is_known() ? path.text : "recipe.json")};
}

bool cargo_links_c_library(const Site& site, const ToolUse& use) {
  const auto& command = *use.command;
  if (use.action->kind != ActionKind::build && !command.has_word("install")) return false;
  // Elsewhere Rust was installed in some way, and may have another target.
  const auto& image = site.stage.image;
  if (!image || image->entry->language != "rust" || image->distribution == "alpine" || use.has_option("--target"))
    return false;
  for (const auto* variable : {"CARGO_BUILD_TARGET", "RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS",
                               "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS"})
    if (environment(site, command, variable).state != Value::State::undefined) return false;
  for (const auto& word : command.words)
    if (word.value.is_unknown() || word.text() == "--config") return false;
  // The project's own settings may name another target.
  const auto& context = site.context();
  if (!context.is_known()) return false;
  const auto root = source_root(site.file, site.stage);
  for (const auto* name : {".cargo/config.toml", ".cargo/config"})
    if (context.exists(resolve_path(root, name)) || context.exists(name)) return false;
  return true;
}

}  // namespace dockhew::inline ecosystems
