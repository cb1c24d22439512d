#include "layers/made_paths.hpp"

#include <algorithm>

#include "caches/cache_directories.hpp"
#include "ecosystems/build_effects.hpp"
#include "ecosystems/command_effects.hpp"
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/installation.hpp"
#include "effects/accounts.hpp"
#include "text/path.hpp"

namespace dockhew::inline layers {

std::vector<std::string> known_paths(const AffectedPaths& affected) {
  std::vector<std::string> paths;
  for (const auto& each : affected.paths)
    if (each.path.starts_with('/')) paths.push_back(without_wildcards(each.path));
  return paths;
}

namespace {

// Where the packages of a project go, by a tool of which nothing else is known: `vendor`, `.venv`.
void add_packages(const ToolUse& use, AffectedPaths& written) {
  const auto* ecosystem = find_ecosystem(*use.tool);
  if (ecosystem == nullptr || !written.paths.empty() || !installs_from_manifest(use)) return;
  for (const auto& generated : ecosystem->generated_directories)
    if (generated.holds == GeneratedDirectory::Holds::packages)
      add_value(written, *use.command, Value::known(std::string(generated.path)));
}

}  // namespace

std::vector<std::string> made_paths(const Site& site, const ShellCommand& command) {
  const auto* use = command.use;
  if (use != nullptr && (use->tool->packages.of_system || installation_of(*use).global)) return {};
  auto effects = command_effects(site, command);
  if (const auto home = home_of(site); home.is_known()) effects.resolve_home(home.text);
  if (use != nullptr) add_packages(*use, effects.writes);
  auto paths = known_paths(effects.writes);
  std::erase_if(paths, [&](const std::string& path) { return mount_over(site.step, path) != nullptr; });
  if (use == nullptr) return paths;
  for (const auto& cache : cache_directories(site, *use))  // are looked at apart
    std::erase_if(
        paths, [&](const std::string& path) { return cache.path.is_known() && path_is_under(cache.path.text, path); });
  return paths;
}

}  // namespace dockhew::inline layers
