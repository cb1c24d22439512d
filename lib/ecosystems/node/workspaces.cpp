#include "ecosystems/node/workspaces.hpp"

#include <algorithm>

#include "ecosystems/node/package_json.hpp"
#include "ecosystems/node/reading_packages.hpp"
#include "model/context_path.hpp"
#include "text/json.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

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
  for (const auto* entry : {"node_modules", "binding.gyp"})
    if (context.exists(join_context_path(directory, entry)))
      return Declined{"the build context contains `" + join_context_path(directory, entry) + "`"};
  return std::nullopt;
}

// All directories below one, and itself; nothing where there are too many.
bool add_below(const BuildContext& context, const std::string& directory, int depth, std::vector<std::string>& found) {
  constexpr std::size_t most = 2000;
  if (context.kind(directory) != PathKind::directory) return true;
  found.push_back(directory);
  if (depth == 0 || found.size() > most) return false;
  for (const auto& name : context.entries(directory))
    if (name != "node_modules" && !name.starts_with('.') &&
        !add_below(context, join_context_path(directory, name), depth - 1, found))
      return false;
  return true;
}

// The directories that a pattern names: `packages/*`, `packages/**`.
Outcome<std::vector<std::string>> expand_pattern(const BuildContext& context, const std::string& directory,
                                                 std::string pattern) {
  constexpr int deepest = 8;
  constexpr std::string_view at_any_depth = "/**";
  const Declined not_plain{"the packages of the workspace are not a plain list of directories"};
  while (pattern.ends_with('/')) pattern.pop_back();
  if (pattern.ends_with("/**/*")) pattern.resize(pattern.size() - 2);
  const bool deep = pattern.ends_with(at_any_depth);
  if (deep) pattern.resize(pattern.size() - at_any_depth.size());
  if (pattern.starts_with('!') || pattern.find("**") != pattern.npos || pattern.find("..") != pattern.npos)
    return not_plain;
  auto matches = context.expand(join_context_path(directory, pattern));
  if (!deep) return matches;
  std::vector<std::string> found;
  for (const auto& match : matches)
    if (!add_below(context, match, deepest, found)) return not_plain;
  return found;
}

Obstacle add_members(const BuildContext& context, const std::string& directory, const std::string& pattern,
                     std::vector<std::string>& files) {
  const auto members = expand_pattern(context, directory, pattern);
  if (!members) return members.declined();
  for (const auto& member : *members) {
    const auto manifest = join_context_path(member, "package.json");
    for (const auto* other : {"package.json5", "package.yaml"})
      if (context.exists(join_context_path(member, other)))
        return Declined{"`" + join_context_path(member, other) + "` is a manifest that is not read here"};
    const auto declared = context.read(manifest);
    if (!declared || clean_path(member) == clean_path(directory)) continue;
    if (auto obstacle = obstacle_in(context, member, *declared)) return *obstacle;
    if (std::ranges::find(files, manifest) != files.end()) continue;
    files.push_back(manifest);
    if (auto obstacle = add_read_files_of_member(context, member, *declared, files)) return *obstacle;
  }
  return std::nullopt;
}

// The entries of `packages:`; declined where they are written neither one a line nor all in one.
Outcome<std::vector<std::string>> patterns_of_pnpm(std::string_view text) {
  std::vector<std::string> patterns;
  bool inside = false;
  for (auto line : split_lines(text)) {
    if (const auto comment = line.find(" #"); comment != line.npos) line = line.substr(0, comment);
    const auto entry = trim_unicode(line);
    if (entry.empty() || entry.starts_with('#')) continue;
    if (inside && entry.starts_with("- ")) {
      patterns.emplace_back(unquoted(trim_unicode(entry.substr(2))));
      continue;
    }
    inside = line.starts_with("packages:");
    if (!inside || entry == "packages:") continue;
    auto list = trim_unicode(entry.substr(std::string_view("packages:").size()));
    if (!list.starts_with('[') || !list.ends_with(']'))
      return Declined{"the packages of pnpm-workspace.yaml could not be read"};
    list = list.substr(1, list.size() - 2);
    for (std::size_t begin = 0, end = 0; begin < list.size(); begin = end + 1) {
      end = std::min(list.find(',', begin), list.size());
      patterns.emplace_back(unquoted(trim_unicode(list.substr(begin, end - begin))));
    }
    inside = false;
  }
  return patterns;
}

}  // namespace

Outcome<std::vector<std::string>> read_node_workspaces(const BuildContext& context, const std::string& directory,
                                                       const std::string& text) {
  std::vector<std::string> manifests;
  const auto package = parse_json(text).value;
  if (!package.is_object() || !package.contains("workspaces")) return manifests;
  const auto* patterns = patterns_of(package);
  if (patterns == nullptr) return Declined{"the workspaces of package.json could not be read"};
  if (patterns->elements().size() > limits::patterns_expanded)
    return Declined{"package.json names too many workspaces"};
  for (const auto& pattern : patterns->elements()) {
    const auto written = pattern.is_string() ? *pattern.string() : std::string("!");
    if (auto obstacle = add_members(context, directory, written, manifests)) return *obstacle;
  }
  return manifests;
}

Outcome<std::vector<std::string>> read_pnpm_workspace(const BuildContext& context, const std::string& directory) {
  std::vector<std::string> manifests;
  const auto text = context.read(join_context_path(directory, "pnpm-workspace.yaml"));
  if (!text) return manifests;
  const auto patterns = patterns_of_pnpm(*text);
  if (!patterns) return patterns.declined();
  if (patterns->size() > limits::patterns_expanded) return Declined{"pnpm-workspace.yaml names too many packages"};
  for (const auto& pattern : *patterns) {
    if (pattern.starts_with('!')) continue;  // the manifest of a package that does not belong to it is not read
    if (auto obstacle = add_members(context, directory, pattern, manifests)) return *obstacle;
  }
  return manifests;
}

}  // namespace dockhew::inline ecosystems
