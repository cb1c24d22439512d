#include "layers/missing_layer.hpp"

#include <algorithm>
#include <span>

#include "caches/cache_directories.hpp"
#include "ecosystems/ecosystem.hpp"
#include "effects/source_copy.hpp"
#include "effects/source_parts.hpp"
#include "model/context_path.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"

namespace dockhew::inline layers {
namespace {

bool brings_dependencies(const ToolUse& use) {
  return use.action->kind == ActionKind::fetch || installs_own_manifest(use);
}

bool runs(const Site& site, const Tool& tool) {
  bool found = false;
  for_each_use(site, [&](const ToolUse& use, const ShellCommand&, const std::string&) {
    found |= use.tool == &tool && (use.action->kind == ActionKind::build || brings_dependencies(use));
  });
  return found;
}

// Where later commands of the tool read what it has downloaded: `/go/pkg/mod`.
std::vector<std::string> stores_of(const Site& site, const ToolUse& use) {
  std::vector<std::string> stores;
  for (const auto& directory : cache_directories(site, use))
    if (directory.cache->store && directory.path.is_known()) stores.push_back(directory.path.text);
  return stores;
}

// An earlier step of the chain fetched or built with the same tool, or copied the result of another stage into the
// project or the tool's store.
bool has_dependency_step(const Site& build, const ToolUse& use) {
  const auto& project = use.command->directory.text;
  const auto stores = stores_of(build, use);
  return build.any_earlier({"has dependencies of ", use.tool->id, " in ", project}, [&](const Site& earlier) {
    if (runs(earlier, *use.tool)) return true;
    const auto& brought = earlier.step.copy;
    if (!brought || !brought->stage || !brought->destination.is_known()) return false;
    const auto& place = brought->destination.text;
    const auto overlaps = [&](const std::string& store) {
      return path_is_under(place, store) || (place != "/" && path_is_under(store, place));
    };
    return (path_is_under(place, project) || std::ranges::any_of(stores, overlaps)) &&
           std::ranges::any_of(build.file.stages()[*brought->stage].steps, [&](const Step& step) {
             return runs({build.file, build.file.stages()[*brought->stage], step}, *use.tool);
           });
  });
}

// What a script fetches it fetches after the source.
bool is_fetched_in_run(const Site& build, const ToolUse& use) {
  return std::ranges::any_of(build.uses(), [&](const ToolUse& other) {
    return other.tool == use.tool && other.command != use.command && brings_dependencies(other);
  });
}

// Dependencies survive there, and a layer would be hidden. Where the project is in `/`, what the tool downloads is
// below it too, but not what it builds.
bool has_mount_in_project(const Site& site, const ToolUse& use) {
  const auto caches = cache_directories(site, use);
  return std::ranges::any_of(site.step.mounts, [&](const Mount& mount) {
    const auto is_its_cache = [&](const CacheDirectory& directory) { return directory.path == mount.target; };
    return mount.type == Mount::Type::cache && mount.target.is_known() &&
           path_is_under(mount.target.text, use.command->directory.text) && std::ranges::none_of(caches, is_its_cache);
  });
}

// `COPY vendor ./vendor`
bool copies_vendor(std::span<const Step> steps, std::string_view vendor) {
  return std::ranges::any_of(steps, [&](const Step& step) {
    return step.copy && std::ranges::any_of(step.copy->sources, [&](const CopySource& source) {
             return path_basename(clean_path("/" + source.text)) == vendor;
           });
  });
}

// A context that is at hand tells whether this is a project with dependencies that have to be fetched. Where the source
// is copied in parts, one of them must contain what declares dependencies.
bool declares_dependencies(const MissingLayer& missing) {
  const auto& context = missing.build.context();
  const auto& required = missing.use->tool->project.required_manifests;
  if (context.is_known() && missing.project && !required.empty()) {
    const auto exists = [&](std::string_view name) {
      return context.exists(join_context_path(missing.project->directory, name));
    };
    if (!exists(required.front()) || exists(missing.layer.vendor)) return false;
  }
  if (!missing.in_parts) return true;
  if (copies_vendor(missing.build.earlier(), missing.layer.vendor)) return false;
  return required.empty() || std::ranges::any_of(required, [&](std::string_view manifest) {
           return is_brought(missing.build.file, missing.build.stage, missing.run(),
                             missing.use->command->directory.text, join_context_path(missing.project->root, manifest));
         });
}

// Whether the manifest is seen to name no dependency.
bool has_no_dependencies(const MissingLayer& missing) {
  const auto& required = missing.use->tool->project.required_manifests;
  if (missing.layer.declares == nullptr || !missing.project || required.empty()) return false;
  const auto manifest = missing.build.context().read(join_context_path(missing.project->directory, required.front()));
  return manifest && !missing.layer.declares(*manifest);
}

// `cd cmd/serve && go build`: the project is the nearest directory above that has its manifest.
void climb_to_manifest(MissingLayer& missing) {
  const auto& context = missing.build.context();
  const auto& required = missing.use->tool->project.required_manifests;
  if (!missing.layer.finds_manifests_above || !missing.project || !context.is_known() || required.empty()) return;
  const auto exists = [&](const std::string& directory) {
    return context.exists(join_context_path(directory, required.front()));
  };
  auto directory = missing.project->directory, place = missing.directory;
  while (!exists(directory) && directory != missing.project->root && directory != ".") {
    const auto slash = directory.rfind('/');
    directory = slash == directory.npos ? std::string(".") : directory.substr(0, slash);
    place = path_parent(place);
  }
  if (!exists(directory)) return;
  missing.project->directory = std::move(directory);
  missing.directory = std::move(place);
}

// `ADD . /app`, `COPY . .`: a layer between them would come after the source all the same. Those before `copy` that
// copy the same directory to the same place count, of very many the last ones.
std::size_t first_of_same(const Site& build, std::size_t copy, std::string_view directory) {
  const auto& steps = build.stage.steps;
  const auto place = context_directory(*steps[copy].copy, directory);
  auto first = copy;
  for (std::size_t copies = 0; place && copies < limits::copies_before; ++copies) {
    const auto earlier = find_source_copy(build.file, build.stage, first, directory);
    if (!earlier || context_directory(*steps[*earlier].copy, directory) != place) return first;
    first = *earlier;
  }
  return first;
}

// Finds the source. False where none is copied.
bool find_source(MissingLayer& missing) {
  const auto& [file, stage, step] = missing.build;
  const auto& directory = missing.use->command->directory.text;
  if (const auto parts = find_source_parts(file, stage, missing.run(), directory)) {
    missing.copy = parts->parts.front().step;
    missing.in_parts = true;
    missing.project = Project{parts->directory, parts->directory};
    return true;
  }
  const auto copy_index = find_source_copy(file, stage, missing.run(), directory);
  if (!copy_index) return false;
  missing.copy = first_of_same(missing.build, *copy_index, directory);
  const auto& copy = *stage.steps[missing.copy].copy;
  auto root = context_directory(copy, copy.destination.text), project = context_directory(copy, directory);
  if (root && project) missing.project = Project{std::move(*project), std::move(*root)};
  climb_to_manifest(missing);
  return true;
}

std::optional<MissingLayer> missing_layer_of(const Site& build, const ToolUse& use, const DependencyLayer& layer,
                                             std::shared_ptr<const ContextScript> script = nullptr) {
  MissingLayer missing{build, &use, layer, 0, false, std::nullopt, use.command->directory.text, script};
  if (!find_source(missing) || has_dependency_step(build, use)) return std::nullopt;
  if (layer.kept_in_project && has_mount_in_project(build, use)) return std::nullopt;
  if (is_fetched_in_run(build, use) || !declares_dependencies(missing) || has_no_dependencies(missing))
    return std::nullopt;
  return missing;
}

// Whether the step needs nothing of the command that builds, which stands in a script.
bool stands_alone(const DependencyLayer& layer) {
  return !layer.own_command && !layer.repeats_choice && !layer.only_downloads && !layer.writes_project;
}

// `RUN make build`, of which a recipe is `go build`.
std::optional<MissingLayer> missing_layer_of_script(const Site& build, const ShellCommand& command) {
  const auto script = context_script(build, command);
  if (!script) return std::nullopt;
  for (const auto& each : script->commands) {
    const auto* use = each.command->use;
    const auto* ecosystem = use == nullptr ? nullptr : find_ecosystem(*use->tool);
    if (ecosystem == nullptr || ecosystem->dependency_layer == nullptr || !use->command->directory.is_known()) continue;
    if (names_versions(*use)) continue;
    const auto layer = ecosystem->dependency_layer(build, *use);
    if (layer && stands_alone(*layer)) return missing_layer_of(build, *use, *layer, script);
  }
  return std::nullopt;
}

}  // namespace

std::optional<MissingLayer> find_missing_layer(const Site& build) {
  for (const auto& use : build.uses()) {
    const auto* ecosystem = find_ecosystem(*use.tool);
    if (ecosystem == nullptr || ecosystem->dependency_layer == nullptr || !use.command->directory.is_known()) continue;
    if (names_versions(use)) continue;
    if (const auto layer = ecosystem->dependency_layer(build, use)) return missing_layer_of(build, use, *layer);
  }
  if (!build.uses().empty() || !build.step.script) return std::nullopt;
  for (const auto& command : build.step.script->commands)
    if (auto missing = missing_layer_of_script(build, command)) return missing;
  return std::nullopt;
}

}  // namespace dockhew::inline layers
