#include "ecosystems/node/package_json.hpp"

#include "effects/source_parts.hpp"
#include "model/context_path.hpp"
#include "text/json.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

bool is_local_path(const std::string& version) {
  return version.starts_with("file:") || version.starts_with("link:") || version.starts_with("portal:") ||
         version.starts_with("patch:") || version.starts_with('.') || version.starts_with('/');
}

// The first name in a section with such a version, which may be in groups below it, as those of `overrides`. In a
// group, `.` stands for the package itself.
std::optional<std::string> local_name(const Json& section, int depth) {
  constexpr int deepest = 8;
  if (!section.is_object() || depth == deepest) return std::nullopt;
  for (const auto& [name, version] : section.members()) {
    if (version.is_string() && is_local_path(*version.string())) return name;
    if (auto found = local_name(version, depth + 1)) return found;
  }
  return std::nullopt;
}

Obstacle local_dependency(const Json& package) {
  const auto* pnpm = package.find("pnpm");
  const auto* of_pnpm = pnpm != nullptr && pnpm->is_object() ? pnpm->find("overrides") : nullptr;
  for (const auto* section :
       {package.find("dependencies"), package.find("devDependencies"), package.find("optionalDependencies"),
        package.find("overrides"), package.find("resolutions"), of_pnpm})
    if (const auto name = section == nullptr ? std::nullopt : local_name(*section, 0))
      return Declined{"the dependency `" + *name + "` is a local path"};
  return std::nullopt;
}

}  // namespace

Obstacle package_json_obstacle(const std::string& text, const ScriptFiles& files) {
  const auto package = parse_json(text).value;
  if (!package.is_object()) return Declined{"package.json could not be read"};
  if (auto obstacle = lifecycle_script_obstacle(package, files)) return obstacle;
  // Here or in a package manager's own section.
  if (text.find("\"patchedDependencies\"") != text.npos)
    return Declined{"package.json names patches, which are in the source"};
  if (text.find("\"injected\"") != text.npos) return Declined{"package.json has packages of the source copied"};
  return local_dependency(package);
}

std::string project_root(const Dockerfile& file, const Stage& stage, const std::string& project) {
  constexpr int most_copies = 16;
  const auto all = project_in_context(file, stage, stage.steps.size(), project).value_or(".");
  const auto& context = file.context();
  if (!context.is_known() || context.exists(join_context_path(all, "package.json"))) return all;
  int copies = 0;
  for (auto end = stage.steps.size(); end > 0 && copies < most_copies; --end) {
    if (!stage.steps[end - 1].copy) continue;
    ++copies;
    if (const auto root = project_in_context(file, stage, end - 1, project);
        root && context.exists(join_context_path(*root, "package.json")))
      return *root;
  }
  return all;
}

}  // namespace dockhew::inline ecosystems
