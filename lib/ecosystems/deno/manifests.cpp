#include "ecosystems/deno/manifests.hpp"

#include <algorithm>
#include <array>

#include "ecosystems/node/package_json.hpp"
#include "ecosystems/plain_manifest.hpp"
#include "model/context_path.hpp"
#include "text/json.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view configuration_files[] = {"deno.json", "deno.jsonc"};

// Aliases of local files in `imports` are no obstacle: `deno install` passes over them (seen with Deno 2.9).
Obstacle configuration_obstacle(const std::string& file, const std::string& text) {
  const auto configuration = parse_json(text, JsonComments::ignored).value;
  if (!configuration.is_object()) return Declined{"`" + file + "` cannot be read"};
  if (configuration.contains("workspace"))
    return Declined{"`" + file + "` declares a workspace, whose members have manifests of their own"};
  for (const std::string_view key : {"importMap", "links", "patch", "vendor"})
    if (configuration.contains(key))
      return Declined{"`" + std::string(key) + "` in `" + file + "` may name other files of the source"};
  return std::nullopt;
}

// Where there is neither, nothing says what the project depends on.
Obstacle obstacle_in(const BuildContext& context, const Project& project) {
  bool found = false;
  for (const auto name : configuration_files) {
    const auto path = join_context_path(project.directory, name);
    const auto text = context.read(path);
    if (!text) continue;
    found = true;
    if (auto obstacle = configuration_obstacle(path, *text)) return obstacle;
  }
  const auto package = context.read(join_context_path(project.directory, "package.json"));
  if (!package) return found ? Obstacle() : Declined{"neither deno.json nor package.json is in the build context"};
  // Deno runs no lifecycle scripts unless it is told to, but reads the rest as Node's package managers do.
  return package_json_obstacle(*package);
}

bool is_about_downloads(std::string_view variable) {
  constexpr std::string_view read[] = {"DENO_", "NPM_CONFIG", "npm_config"};
  return changes_downloads(variable) || starts_with_any(variable, read);
}

}  // namespace

Installation deno_installation(const ToolUse& use) {
  if (use.action->kind != ActionKind::fetch) return named_installation(use, false);
  return {use.action->reads_source ? Declares::nothing : Declares::manifest, false};
}

Outcome<Manifests> deno_manifests(const Site& site, const ToolUse& use, const Project& project) {
  const auto& context = site.context();
  if (!context.is_known()) return Declined{"which manifests the project has is not known without the build context"};
  if (use.has_option("--allow-scripts"))
    return Declined{"`--allow-scripts` lets packages run scripts, which may read the source"};
  if (auto obstacle = obstacle_in(context, project)) return *obstacle;
  if (context.exists(join_context_path(project.directory, "node_modules")))
    return Declined{
        "the build context contains `node_modules`, which a later COPY would put over the installed one; exclude it "
        "in .dockerignore"};
  return Manifests{present(context, project.directory, use.tool->project.manifests), {}};
}

std::optional<DependencyLayer> deno_dependency_layer(const Site&, const ToolUse& use) {
  const auto kind = use.action->kind;
  if (!use.action->reads_source || (kind != ActionKind::build && kind != ActionKind::fetch)) return std::nullopt;
  return DependencyLayer{
      .title = "install the dependencies in a separate layer", .writes_project = true, .reads = is_about_downloads};
}

Outcome<DependencyStep> deno_dependency_step(const Site& site, const ToolUse& use, const Project& project) {
  auto manifests = find_manifests(site, use, project);
  if (!manifests) return manifests.declined();
  const auto lock = join_context_path(project.directory, "deno.lock");
  if (std::ranges::find(manifests->paths, lock) == manifests->paths.end())
    return Declined{"there is no deno.lock, so every installation may choose other versions"};
  DependencyStep step;
  step.manifests = std::move(manifests->paths);
  step.commands = {"deno install"};
  step.assumptions = std::move(manifests->assumptions);
  return step;
}

}  // namespace dockhew::inline ecosystems
