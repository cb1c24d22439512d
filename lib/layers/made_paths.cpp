#include "layers/made_paths.hpp"

#include <algorithm>

#include "caches/cache_directories.hpp"
#include "ecosystems/command_effects.hpp"
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

std::vector<std::string> made_paths(const Site& site, const ShellCommand& command) {
  const auto* use = command.use;
  if (use != nullptr && (use->tool->packages.of_system || installation_of(*use).global)) return {};
  auto effects = command_effects(site, command);
  if (const auto home = home_of(site); home.is_known()) effects.resolve_home(home.text);
  auto paths = known_paths(effects.writes);
  std::erase_if(paths, [&](const std::string& path) { return mount_over(site.step, path) != nullptr; });
  if (use == nullptr) return paths;
  for (const auto& cache : cache_directories(site, *use))  // are looked at apart
    std::erase_if(
        paths, [&](const std::string& path) { return cache.path.is_known() && path_is_under(cache.path.text, path); });
  return paths;
}

}  // namespace dockhew::inline layers
