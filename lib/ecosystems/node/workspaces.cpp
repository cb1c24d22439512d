#include "ecosystems/node/workspaces.hpp"

#include <algorithm>

#include "ecosystems/manifest_obstacles.hpp"
#include "ecosystems/manifests.hpp"
#include "model/context_path.hpp"
#include "text/json.hpp"

namespace dockhew {
namespace {

// A list, or with Yarn an object that has one.
const Json* patterns_of(const Json& package) {
  const auto* workspaces = package.find("workspaces");
  if (workspaces == nullptr || workspaces->is_array()) return workspaces;
  const auto* packages = workspaces->find("packages");
  return packages != nullptr && packages->is_array() ? packages : nullptr;
}

std::string obstacle_in(const BuildContext& context, const std::string& directory, const std::string& text) {
  const auto name = "`" + join_context_path(directory, "package.json") + "`";
  const auto package = parse_json(text).value;
  if (!package.is_object() || package.contains("workspaces")) return name + " could not be read";
  if (auto obstacle = package_json_obstacle(text); !obstacle.empty()) return name + ": " + obstacle;
  // The programs of a package are linked while it is installed, if they are there.
  if (package.contains("bin") || package.contains("directories"))
    return name + " has programs, which lie in the source";
  for (const auto* reader : {"\"@prisma/client\"", "\"puppeteer\""})
    if (text.find(reader) != text.npos) return "the installation of " + std::string(reader) + " reads the source";
  for (const auto* entry : {"node_modules", "binding.gyp"})
    if (context.exists(join_context_path(directory, entry)))
      return "the build context holds `" + join_context_path(directory, entry) + "`";
  return {};
}

}  // namespace

NodeWorkspaces read_node_workspaces(const BuildContext& context, const std::string& directory,
                                    const std::string& text) {
  NodeWorkspaces result;
  const auto package = parse_json(text).value;
  if (!package.is_object() || !package.contains("workspaces")) return result;
  const auto* patterns = patterns_of(package);
  const auto decline = [&](std::string reason) { return result.declined = std::move(reason), result; };
  if (patterns == nullptr) return decline("the workspaces of package.json could not be read");
  for (const auto& pattern : patterns->elements()) {
    const auto written = pattern.is_string() ? *pattern.string() : std::string("!");
    if (written.starts_with('!') || written.find("**") != written.npos || written.find("..") != written.npos)
      return decline("the workspaces of package.json are not a plain list of directories");
    for (const auto& member : context.expand(join_context_path(directory, written))) {
      const auto manifest = join_context_path(member, "package.json");
      const auto declared = context.read(manifest);
      if (!declared) continue;
      if (auto obstacle = obstacle_in(context, member, *declared); !obstacle.empty())
        return decline(std::move(obstacle));
      if (std::ranges::find(result.manifests, manifest) == result.manifests.end()) result.manifests.push_back(manifest);
    }
  }
  return result;
}

}  // namespace dockhew
