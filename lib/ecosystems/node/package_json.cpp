#include "ecosystems/node/package_json.hpp"

#include <nlohmann/json.hpp>

#include "ecosystems/node/package_scripts.hpp"

namespace dockhew {
namespace {

using nlohmann::json;

Obstacle lifecycle_script(const json& package) {
  const auto scripts = package.find("scripts");
  if (scripts == package.end() || !scripts->is_object()) return std::nullopt;
  for (const auto* name : lifecycle_scripts)
    if (scripts->contains(name))
      return Declined{std::string("package.json has the install lifecycle script `") + name +
                      "`, which may read the source"};
  return std::nullopt;
}

bool is_local_path(const std::string& version) {
  return version.starts_with("file:") || version.starts_with("link:") || version.starts_with('.') ||
         version.starts_with('/');
}

Obstacle local_dependency(const json& package) {
  for (const auto* section : {"dependencies", "devDependencies", "optionalDependencies"}) {
    const auto dependencies = package.find(section);
    if (dependencies == package.end() || !dependencies->is_object()) continue;
    for (const auto& [name, version] : dependencies->items())
      if (version.is_string() && is_local_path(version.get_ref<const std::string&>()))
        return Declined{"the dependency `" + name + "` is a local path"};
  }
  return std::nullopt;
}

}  // namespace

Obstacle package_json_obstacle(const std::string& text) {
  const auto package = json::parse(text, nullptr, false);
  if (!package.is_object()) return Declined{"package.json could not be read"};
  if (auto obstacle = lifecycle_script(package)) return obstacle;
  // Here or in a package manager's own section.
  if (text.find("\"patchedDependencies\"") != text.npos)
    return Declined{"package.json names patches, which lie in the source"};
  return local_dependency(package);
}

}  // namespace dockhew
