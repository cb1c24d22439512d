#include "ecosystems/node/workspaces.hpp"

#include <algorithm>

#include "ecosystems/node/package_json.hpp"
#include "ecosystems/node/reading_packages.hpp"
#include "model/context_path.hpp"
#include "text/json.hpp"

namespace dockhew::inline ecosystems {
namespace {

// A list or, with Yarn, an object that contains one.
const Json* patterns_of(const Json& package) {
  const auto* workspaces = package.find("workspaces");
  if (workspaces == nullptr || workspaces->is_array()) return workspaces;
  const auto* packages = workspaces->find("packages");
  return packages != nullptr && packages->is_array() ? packages : nullptr;
}

Obstacle obstacle_in(const BuildContext& context, const std::string& directory, const std::string& text) {
  const auto name = "`" + join_context_path(directory, "package.json") + "`";
  const auto package = parse_json(text).value;
  if (!package.is_object() || package.contains("workspaces")) return Declined{name + " could not be read"};
  if (auto obstacle = package_json_obstacle(text)) return Declined{name + ": " + obstacle->reason};
  // The programs of a package are linked during its installation, if they exist.
  if (package.contains("bin") || package.contains("directories"))
    return Declined{name + " has programs, which are in the source"};
  if (auto obstacle = obstacle_of_reading_packages(context, directory, text)) return obstacle;
  for (const auto* entry : {"node_modules", "binding.gyp"})
    if (context.exists(join_context_path(directory, entry)))
      return Declined{"the build context contains `" + join_context_path(directory, entry) + "`"};
  return std::nullopt;
}

}  // namespace

Outcome<std::vector<std::string>> read_node_workspaces(const BuildContext& context, const std::string& directory,
                                                       const std::string& text) {
  std::vector<std::string> manifests;
  const auto package = parse_json(text).value;
  if (!package.is_object() || !package.contains("workspaces")) return manifests;
  const auto* patterns = patterns_of(package);
  if (patterns == nullptr) return Declined{"the workspaces of package.json could not be read"};
  for (const auto& pattern : patterns->elements()) {
    const auto written = pattern.is_string() ? *pattern.string() : std::string("!");
    if (written.starts_with('!') || written.find("**") != written.npos || written.find("..") != written.npos)
      return Declined{"the workspaces of package.json are not a plain list of directories"};
    for (const auto& member : context.expand(join_context_path(directory, written))) {
      const auto manifest = join_context_path(member, "package.json");
      const auto declared = context.read(manifest);
      if (!declared) continue;
      if (auto obstacle = obstacle_in(context, member, *declared)) return *obstacle;
      if (std::ranges::find(manifests, manifest) == manifests.end()) manifests.push_back(manifest);
    }
  }
  return manifests;
}

}  // namespace dockhew::inline ecosystems
