#include "ecosystems/node/project_place.hpp"

#include <algorithm>

#include "ecosystems/node/package_json.hpp"
#include "ecosystems/node/workspaces.hpp"
#include "effects/source_copy.hpp"
#include "effects/source_parts.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Where a COPY puts a package.json that it names, also as `package*.json`.
std::optional<std::string> place_of_manifest(const Copy& copy) {
  if (!copy.destination.is_known()) return std::nullopt;
  const auto is_manifest = [](const CopySource& source) {
    return source.known && glob_match(path_basename(source.text), "package.json");
  };
  if (std::ranges::none_of(copy.sources, is_manifest)) return std::nullopt;
  return copy.directory ? copy.destination.text : std::string(path_parent(copy.destination.text));
}

// The directory of the image above `directory` that a COPY of the stage gives the package.json, where none is copied to
// `directory` itself or below it.
std::optional<std::string> manifest_above(const Stage& stage, const std::string& directory) {
  std::optional<std::string> above;
  for (const auto& step : stage.steps) {
    if (!step.copy) continue;
    if (!step.copy->destination.is_known() || path_is_under(step.copy->destination.text, directory))
      return std::nullopt;
    const auto place = place_of_manifest(*step.copy);
    if (place && *place != directory && path_is_under(directory, *place)) above = *place;
  }
  return above;
}

// The same for a workspace that has a package.json of its own: that of the root names it.
std::optional<std::string> workspace_above(const Site& site, const std::string& directory) {
  constexpr int most_levels = 10;
  auto above = directory;
  for (int level = 0; level < most_levels && above != "/"; ++level) {
    above = std::string(path_parent(above));
    const auto manifest = file_in_context(site, resolve_path(above, "package.json"));
    const auto text = manifest ? site.context().read(*manifest) : std::nullopt;
    if (!text) continue;
    const auto root = std::string(path_parent(*manifest));
    const auto own = join_context_path(root.empty() ? "." : root, relative_path(above, directory) + "/package.json");
    const auto members = read_node_workspaces(site.context(), root.empty() ? "." : root, *text);
    if (members && std::ranges::find(*members, own) != members->end()) return above;
    if (!members && text->find("\"workspaces\"") != text->npos) return above;
  }
  return std::nullopt;
}

}  // namespace

bool is_package_manager(std::string_view tool) { return tool == "npm" || tool == "pnpm" || tool == "yarn"; }

Value directory_of_use(const ToolUse& use) {
  const auto& command = *use.command;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const std::string_view raw = command.words[i].raw;
    for (const std::string_view option : {"--prefix", "-C", "--dir", "--cwd"}) {
      if (raw.starts_with(option) && raw.substr(option.size()).starts_with('=')) return Value::unknown();
      if (raw != option || i + 1 == command.words.size()) continue;
      const auto& value = command.words[i + 1].value;
      if (!value.is_known() || !command.directory.is_known()) return Value::unknown();
      return Value::known(resolve_path(command.directory.text, value.text));
    }
  }
  return command.directory;
}

Obstacle obstacle_of_place(const Site& site, const ToolUse& use, const std::string& directory) {
  for (const auto* option : {"--modules-folder", "--modules-dir"})
    if (use.has_option(option))
      return Declined{'`' + std::string(option) + "` names another directory than `node_modules`"};
  const std::string name(use.command->name());
  if (const auto above = manifest_above(site.stage, directory))
    return Declined{"package.json is in `" + *above + "`, so `" + name + "` installs there"};
  if (const auto above = workspace_above(site, directory))
    return Declined{"this is a workspace of `" + *above + "`, where `" + name + "` installs"};
  return std::nullopt;
}

std::optional<std::string> read_project_file(const Dockerfile& file, const Stage& stage, const std::string& project,
                                             std::string_view name) {
  const auto root = project_root(file, stage, project);
  return file.context().read(join_context_path(root, name));
}

bool names_manager_version(const Site& site, const ShellCommand& command) {
  if (!site.context().is_known() || !command.directory.is_known()) return true;
  const auto project = project_in_context(site.file, site.stage, site.earlier().size(), command.directory.text);
  if (!project) return false;
  const auto package = site.context().read(join_context_path(*project, "package.json")).value_or("");
  return package.find("\"packageManager\"") != package.npos ||
         site.context().exists(join_context_path(*project, ".yarnrc.yml"));
}

}  // namespace dockhew::inline ecosystems
