#include "layers/mounted_results.hpp"

#include <algorithm>

#include "caches/cache_directories.hpp"
#include "caches/cache_hazards.hpp"
#include "caches/cached_uses.hpp"
#include "ecosystems/command_effects.hpp"
#include "ecosystems/ecosystem.hpp"
#include "effects/accounts.hpp"
#include "text/path.hpp"

namespace dockhew::inline layers {
namespace {

bool overlap(const std::string& one, const std::string& other) {
  return path_is_under(one, other) || path_is_under(other, one);
}

bool is_project_of(const ToolUse& use, const std::string& target) {
  return !use.command->directory.is_known() || path_is_under(use.command->directory.text, target);
}

// Whether the mount is one on the cache of a tool of this RUN, or on a directory of caches.
bool is_cache_of(const Site& site, const ToolUse& use, const std::string& target) {
  if (is_project_of(use, target)) return false;
  const auto directories = cache_directories(site, use);
  return std::ranges::any_of(directories, [&](const CacheDirectory& directory) {
    return directory.path.is_known() && overlap(directory.path.text, target);
  });
}

// `/root/.cache`, where Poetry has its virtual environments too.
bool keeps_more_than_caches(const Site& site, const std::string& target) {
  return std::ranges::any_of(all_ecosystems(), [&](const Ecosystem* ecosystem) {
    if (ecosystem->kept_directories == nullptr) return false;
    const auto kept = ecosystem->kept_directories(site);
    return std::ranges::any_of(kept, [&](const KeptDirectory& each) { return path_is_under(each.path, target); });
  });
}

bool may_be_installed_into(const Facts& facts, const std::string& target) {
  return std::ranges::any_of(facts.tools, [&](const Tool& tool) {
    return std::ranges::any_of(tool.installs_into, [&](const InstalledPlace& place) {
      return std::ranges::any_of(place.endings, [&](std::string_view end) { return target.ends_with(end); });
    });
  });
}

bool may_write(const Site& site, const ShellCommand& command, const std::string& target) {
  auto effects = command_effects(site, command);
  if (const auto home = home_of(site); home.is_known()) effects.resolve_home(home.text);
  return effects.writes.anything || std::ranges::any_of(effects.writes.paths, [&](const AffectedPath& affected) {
           return overlap(affected.path, target);
         });
}

// A cache that what is installed links into, or from which alone a command takes what it needs.
Obstacle needed_cache(const Site& site, const Tool& tool) {
  if (has_cached_use(site, tool))
    return Declined{"a command of the RUN works offline, with what the installation has put into the cache mount"};
  if (const auto hazards = find_cache_hazards(site, tool); !hazards) return hazards.declined();
  return std::nullopt;
}

}  // namespace

Obstacle results_in_mount(const Site& site, std::size_t head) {
  const auto& script = *site.step.script;
  for (const auto& mount : site.step.mounts) {
    if (!mount.hides_writes()) continue;
    if (!mount.target.is_known()) return Declined{"it is not known where a mount of the RUN is"};
    const auto& target = mount.target.text;
    const Declined obstacle{"the mount on `" + target +
                            "` may hold what the installation makes, and a second RUN cannot rely on finding it there"};
    if (keeps_more_than_caches(site, target)) return obstacle;
    bool is_cache = false;
    for (const auto& use : script.uses) {
      if (!is_cache_of(site, use, target)) continue;
      if (auto needed = needed_cache(site, *use.tool)) return needed;
      is_cache = true;
    }
    if (is_cache) continue;
    if (may_be_installed_into(site.file.facts(), target)) return obstacle;
    for (const auto& command : script.commands)
      if (command.element < head && may_write(site, command, target)) return obstacle;
  }
  return std::nullopt;
}

}  // namespace dockhew::inline layers
