#include "ecosystems/node/locked_packages.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "model/context_path.hpp"
#include "text/json.hpp"
#include "text/limits.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

using Names = std::set<std::string>;
using Graph = std::map<std::string, Names, std::less<>>;  // names of packages to what they need

bool is_true(const Json& object, std::string_view name) {
  const auto* value = object.find(name);
  return value != nullptr && value->boolean() != nullptr && *value->boolean();
}

// ---- npm ------------------------------------------------------------------------------------------------------------

// Of versions 2 and 3: `"node_modules/a/node_modules/@b/c": { "dev": true }`.
void add_packages(const Json& packages, Names& names) {
  constexpr std::string_view folder = "node_modules/";
  for (const auto& [path, package] : packages.members()) {
    const auto at = path.rfind(folder);
    if (at != path.npos && !is_true(package, "dev") && !is_true(package, "devOptional"))
      names.insert(path.substr(at + folder.size()));
  }
}

// Of version 1, where what a package has for itself is inside it.
void add_dependencies(const Json& dependencies, Names& names, unsigned depth = 0) {
  if (depth == limits::deepest_nesting) return;
  for (const auto& [name, package] : dependencies.members()) {
    if (!is_true(package, "dev")) names.insert(name);
    if (const auto* own = package.find("dependencies")) add_dependencies(*own, names, depth + 1);
  }
}

Names packages_of_npm(const std::string& text) {
  Names names;
  const auto lock = parse_json(text).value;
  if (const auto* packages = lock.find("packages")) add_packages(*packages, names);
  else if (const auto* dependencies = lock.find("dependencies")) add_dependencies(*dependencies, names);
  return names;
}

// ---- Yarn and pnpm --------------------------------------------------------------------------------------------------

std::string_view without_quotes(std::string_view word) {
  if (!word.empty() && (word[0] == '"' || word[0] == '\'')) {
    const auto end = word.find(word[0], 1);
    return word.substr(1, end == word.npos ? end : end - 1);
  }
  return word.substr(0, word.find_first_of(" :"));
}

// `a` of `a@^1.0`, `a@npm:1.0`, `/a@1.0(b@2)` and pnpm's older `/a/1.0`; with its scope.
std::string_view name_of_entry(std::string_view entry) {
  if (!entry.empty() && (entry[0] == '"' || entry[0] == '\'')) entry.remove_prefix(1);
  if (entry.starts_with('/')) entry.remove_prefix(1);
  const auto scope = entry.starts_with('@') ? entry.find('/') : std::string_view::npos;
  return entry.substr(0, entry.find_first_of("@/", scope == entry.npos ? 1 : scope + 1));
}

// Both list packages with their needs below them, by indentation; entries of pnpm are a level deeper.
Graph read_graph(std::string_view text, std::size_t indentation) {
  Graph graph;
  std::string entry;
  std::size_t list = 0;  // indentation of the list that is read; 0 outside of one
  for (const auto line : split_lines(text)) {
    const auto begin = line.find_first_not_of(' ');
    const auto content = trim_unicode(line);
    if (begin == line.npos || content.empty() || content.starts_with('#')) continue;
    if (list > 0 && begin <= list) list = 0;
    if (begin == indentation && content.find(':') != content.npos) {
      entry = name_of_entry(content);
    } else if (begin > indentation && (content == "dependencies:" || content == "optionalDependencies:")) {
      list = begin;
    } else if (list > 0 && begin == list + 2) {
      graph[entry].emplace(without_quotes(content));
    }
  }
  return graph;
}

void add_roots(const std::string& package_json, Names& names) {
  const auto package = parse_json(package_json).value;
  for (const auto* section : {"dependencies", "optionalDependencies"})
    if (const auto* list = package.find(section))
      for (const auto& [name, version] : list->members()) names.insert(name);
}

Names reachable(const Graph& graph, const Names& roots) {
  Names names;
  std::vector<std::string> left(roots.begin(), roots.end());
  while (!left.empty()) {
    auto name = std::move(left.back());
    left.pop_back();
    if (!names.insert(name).second) continue;
    const auto found = graph.find(name);
    if (found != graph.end()) left.insert(left.end(), found->second.begin(), found->second.end());
  }
  return names;
}

}  // namespace

std::set<std::string> find_locked_packages(const BuildContext& context, const std::string& directory,
                                           const std::vector<std::string>& manifests) {
  const auto read = [&](std::string_view name) { return context.read(join_context_path(directory, name)); };
  for (const auto* name : {"npm-shrinkwrap.json", "package-lock.json"})
    if (const auto text = read(name)) return packages_of_npm(*text);
  for (const auto& [name, indentation] :
       {std::pair<const char*, std::size_t>("yarn.lock", 0), std::pair<const char*, std::size_t>("pnpm-lock.yaml", 2)})
    if (const auto text = read(name)) {
      Names roots;
      for (const auto& manifest : manifests) add_roots(context.read(manifest).value_or(""), roots);
      return reachable(read_graph(*text, indentation), roots);
    }
  return {};
}

}  // namespace dockhew::inline ecosystems
