#include "ecosystems/node/nested_modules.hpp"

#include <map>
#include <optional>
#include <tuple>

#include "ecosystems/node/package_json.hpp"
#include "effects/source_parts.hpp"
#include "model/context_path.hpp"
#include "text/json.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view modules = "node_modules";

// What npm has written down; nothing where it has not, or only in the older form, which has no workspaces.
std::optional<Json> read_packages(const BuildContext& context, const std::string& root) {
  for (const auto* name : {"npm-shrinkwrap.json", "package-lock.json"})
    if (const auto text = context.read(join_context_path(root, name))) {
      const auto lock = parse_json(*text).value;
      const auto* packages = lock.find("packages");
      if (packages) return *packages;
    }
  return std::nullopt;
}

bool is_set(const Json& package, std::string_view flag) {
  const auto* value = package.find(flag);
  return value != nullptr && value->dump() == "true";
}

// Whether a package is installed on every machine.
bool is_certain(const Json& package, bool development) {
  if (is_set(package, "optional") || is_set(package, "devOptional") || is_set(package, "peer")) return false;
  return development || !is_set(package, "dev");
}

// Without anything to install, no directory is made.
bool installs_something(const BuildContext& context, const std::string& root, bool development) {
  const auto package = parse_json(context.read(join_context_path(root, "package.json")).value_or("")).value;
  const auto has = [&](std::string_view section) {
    const auto* packages = package.find(section);
    return packages != nullptr && !packages->empty();
  };
  return has("dependencies") || has("workspaces") || (development && has("devDependencies"));
}

bool has_workspaces(const BuildContext& context, const std::string& root) {
  const auto text = context.read(join_context_path(root, "package.json"));
  return context.exists(join_context_path(root, "pnpm-workspace.yaml")) ||
         (text && parse_json(*text).value.contains("workspaces"));
}

}  // namespace

Obstacle obstacle_of_compiled_project(const BuildContext& context, const std::string& root) {
  const auto packages = read_packages(context, root);
  const auto compiles = [&](const std::string& directory) {
    return context.exists(join_context_path(directory, "binding.gyp"));
  };
  std::optional<std::string> found;
  if (compiles(root)) found = root;
  if (packages)
    for (const auto& [path, package] : packages->members())
      if (path.find(modules) == path.npos && !path.empty() && compiles(join_context_path(root, path)))
        found = join_context_path(root, path);
  if (!found) return std::nullopt;
  return Declined{"`" + join_context_path(*found, "binding.gyp") +
                  "` makes npm compile the source during the installation, into `build` beside it"};
}

Outcome<std::vector<std::string>> find_nested_modules(const Conversion& conversion, bool npm_only, bool development) {
  const auto& [file, stage, build] = std::tie(conversion.file, conversion.stage, conversion.build);
  const auto& context = file.context();
  std::vector<std::string> nested;
  if (!context.is_known()) return nested;
  const auto root = project_root(file, stage, build.workdir.text);
  if (!installs_something(context, root, development))
    return Declined{"package.json names no packages, so it is not certain whether there is a `node_modules`"};
  const auto packages = read_packages(context, root);
  if (auto obstacle = obstacle_of_compiled_project(context, root)) return *obstacle;
  if (has_workspaces(context, root) && (!npm_only || !packages))
    return Declined{"each package of the workspace may get a `node_modules` of its own"};
  if (!npm_only || !packages) return nested;
  std::map<std::string, bool> certain;  // by directory: whether the installation makes it on every machine
  for (const auto& [path, package] : packages->members()) {
    const auto at = path.find(modules);
    if (at == path.npos || at == 0) continue;
    certain[path.substr(0, at + modules.size())] |= is_certain(package, development);
  }
  for (const auto& [directory, is_made] : certain) {
    const auto manifest =
        join_context_path(root, directory.substr(0, directory.size() - modules.size()) + "package.json");
    if (directory.starts_with("..") || !is_made || !is_brought(file, stage, build.index, build.workdir.text, manifest))
      return Declined{"it is not certain whether the installation makes `" + directory + "`, which the lock names"};
    nested.push_back(directory);
  }
  return nested;
}

}  // namespace dockhew::inline ecosystems
