#include "ecosystems/node/package_json.hpp"

#include "text/json.hpp"

namespace dockhew::inline ecosystems {
namespace {

bool is_local_path(const std::string& version) {
  return version.starts_with("file:") || version.starts_with("link:") || version.starts_with('.') ||
         version.starts_with('/');
}

Obstacle local_dependency(const Json& package) {
  for (const auto* section : {"dependencies", "devDependencies", "optionalDependencies"}) {
    const auto* dependencies = package.find(section);
    if (dependencies == nullptr) continue;
    for (const auto& [name, version] : dependencies->members())
      if (version.is_string() && is_local_path(*version.string()))
        return Declined{"the dependency `" + name + "` is a local path"};
  }
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
  return local_dependency(package);
}

}  // namespace dockhew::inline ecosystems
