#include "ecosystems/node/lock_state.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "ecosystems/node/project_place.hpp"
#include "effects/source_parts.hpp"
#include "model/context_path.hpp"
#include "text/json.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr const char* lock_names[] = {"npm-shrinkwrap.json", "package-lock.json"};  // npm prefers the first

using Ranges = std::map<std::string, std::string>;

Ranges ranges_in(const Json& package, std::string_view section) {
  Ranges ranges;
  if (const auto* found = package.find(section))
    for (const auto& [name, range] : found->members())
      if (range.is_string()) ranges.emplace(name, *range.string());
  return ranges;
}

LockState compared(const std::string& package_text, const std::string& lock_text) {
  const auto package = parse_json(package_text).value;
  const auto lock = parse_json(lock_text).value;
  const auto* packages = lock.find("packages");
  const auto* root = packages == nullptr ? nullptr : packages->find("");
  if (!package.is_object() || root == nullptr) return LockState::unknown;
  if (package.contains("workspaces") || package.contains("overrides")) return LockState::unknown;
  for (const auto* section : {"dependencies", "devDependencies", "optionalDependencies", "peerDependencies"})
    if (ranges_in(package, section) != ranges_in(*root, section)) return LockState::differs;
  return LockState::matches;
}

}  // namespace

LockState lock_state(const Site& site, const ToolUse& use) {
  const auto& context = site.context();
  const auto directory = directory_of_use(use);
  if (!context.is_known() || !directory.is_known()) return LockState::unknown;
  const auto index = site.earlier().size();
  const auto project = project_in_context(site.file, site.stage, index, directory.text);
  if (!project) return LockState::unknown;
  for (const auto* name : lock_names) {
    const auto path = join_context_path(*project, name);
    if (context.kind(path) != PathKind::file || !is_brought(site.file, site.stage, index, directory.text, path))
      continue;
    const auto lock = context.read(path), package = context.read(join_context_path(*project, "package.json"));
    return lock && package ? compared(*package, *lock) : LockState::unknown;
  }
  return LockState::absent;
}

}  // namespace dockhew::inline ecosystems
