#include "ecosystems/cargo/missing_manifest.hpp"

#include <algorithm>

#include "ecosystems/cargo/layout.hpp"
#include "effects/source_parts.hpp"
#include "effects/unix_effects.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Whether a command may write manifests, or take a package out of the workspace: `cp -r stubs/. .`, `cargo init`.
bool may_write_manifests(const Facts& facts, const ShellCommand& command, const std::string& directory) {
  if (command.use != nullptr)
    return command.has_word("init") || command.has_word("new") || command.has_word("generate");
  const auto* row = facts.unix_command(command.name());
  if (row != nullptr && row->bystander) return false;  // `rustup target add`
  const auto effects = unix_effects(facts, command);
  if (effects.makes_directories) return false;
  if (effects.writes.anything || effects.changes.anything || effects.removes.anything) return true;
  // What has an ending is a file, and none that is named like a manifest.
  return std::ranges::any_of(effects.writes.paths, [&](const AffectedPath& written) {
    const bool overlaps = path_is_under(written.path, directory) || path_is_under(directory, written.path);
    return overlaps && path_basename(written.path).find('.') == std::string_view::npos;
  });
}

// What another stage has, a mount has, or a parent has is not looked at.
bool may_make_manifests(const Facts& facts, const Step& step, const std::string& directory) {
  const auto is_bind = [](const Mount& mount) { return mount.type != Mount::Type::cache; };
  if (std::ranges::any_of(step.mounts, is_bind)) return true;
  if (step.copy)
    return !step.copy->destination.is_known() ||
           (!step.copy->from_context() && (path_is_under(step.copy->destination.text, directory) ||
                                           path_is_under(directory, step.copy->destination.text)));
  if (step.instruction->keyword != Keyword::run) return false;
  if (!step.script || step.script->opaque || mentions(step, ".toml")) return true;
  return std::ranges::any_of(step.script->commands, [&](const ShellCommand& command) {
    return may_write_manifests(facts, command, directory);
  });
}

}  // namespace

std::string cargo_missing_manifest(const Site& site, const ToolUse& use) {
  const auto& command = *use.command;
  if (use.action->kind != ActionKind::build || !command.directory.is_known() || !site.context().is_known() ||
      command.conditional)
    return {};
  for (const auto option : use.tool->project.directory_options)
    if (use.has_option(option)) return {};
  const auto& facts = site.file.facts();
  const auto steps = site.earlier();
  if (site.stage.parent || may_make_manifests(facts, site.step, command.directory.text)) return {};
  if (std::ranges::any_of(steps,
                          [&](const Step& step) { return may_make_manifests(facts, step, command.directory.text); }))
    return {};
  const auto project = project_in_context(site.file, site.stage, steps.size(), command.directory.text);
  if (!project) return {};
  const auto layout = read_cargo_layout(site.context(), *project, *project);
  if (!layout) return {};
  for (const auto& manifest : layout->manifests)
    if (path_basename(manifest) == "Cargo.toml" && !is_brought(site, command.directory.text, manifest)) return manifest;
  return {};
}

}  // namespace dockhew::inline ecosystems
