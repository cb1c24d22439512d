#include "caches/left_downloads.hpp"

#include <algorithm>
#include <string_view>

#include "caches/cache_directories.hpp"
#include "caches/cached_uses.hpp"
#include "effects/environment.hpp"
#include "effects/unix_effects.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"

namespace dockhew::inline caches {
namespace {

// A mount whose name says that it holds what would be left.
bool is_held_by_name(const Step& step, const Tool& tool) {
  return std::ranges::any_of(step.mounts, [&](const Mount& mount) {
    return mount.hides_writes() && mount.target.is_known() &&
           std::ranges::any_of(tool.leftovers.held_by,
                               [&](std::string_view end) { return mount.target.text.ends_with(end); });
  });
}

// Mounts over what would be left. Of several directories one is the place, and which one is not known. Over an index
// they must hold all that the tool keeps: with a mount on /var/lib/apt alone the packages may be left.
bool is_held(const Step& step, const Tool& tool) {
  const auto mounted = [&](std::string_view directory) { return mount_over(step, directory) != nullptr; };
  const bool index = tool.leftovers.left_by == ActionKind::refresh;
  return is_held_by_name(step, tool) || (std::ranges::any_of(tool.leftovers.directories, mounted) &&
                                         (!index || std::ranges::all_of(tool.caches, mounted, &ToolCache::path)));
}

// A mount where this tool keeps its cache here, whatever it is called. What it leaves may be another directory.
bool holds_cache(const Site& site, const ToolUse& use) {
  if (use.tool->leftovers.left_by != ActionKind::install) return false;
  const auto directories = cache_directories(site, use);
  return std::ranges::any_of(directories, [&](const CacheDirectory& directory) {
    return directory.path.is_known() && mount_over(site.step, directory.path.text) != nullptr;
  });
}

bool is_prevented(const Site& site, const ToolUse& use) {
  return std::ranges::any_of(use.tool->leftovers.prevented_by,
                             [&](std::string_view option) { return use.has_option(option); }) ||
         std::ranges::any_of(use.tool->cache_defeat.variables, [&](std::string_view variable) {
           return is_switched_on(environment(site, *use.command, variable));
         });
}

// Removes the directory, what is in it, or something above it.
bool removes(const Facts& facts, const ShellCommand& command, const Tool& tool) {
  if (!has_operands(facts, command, {Operands::removed, Operands::searched})) return false;
  return std::ranges::any_of(command.words, [&](const ShellWord& word) {
    auto path = std::string_view(word.value.is_known() ? word.text() : word.raw);
    while (path.ends_with('*') || path.ends_with('/')) path.remove_suffix(1);
    if (path.size() < 4) return false;
    return std::ranges::any_of(tool.leftovers.directories, [&](std::string_view directory) {
      return path_is_under(directory, path) || path_is_under(path, directory);
    });
  });
}

bool is_cleaned_after(const Facts& facts, const Script& script, const ToolUse& use) {
  bool after = false;
  for (const auto& command : script.commands) {
    if (&command == use.command) after = true;
    if (!after) continue;
    if (removes(facts, command, *use.tool)) return true;
    const auto* other = command.use;
    // `apt-get clean` leaves the lists, and microdnf does not clean for dnf.
    if (other && other->tool == use.tool && other->action->kind == ActionKind::clean && !other->action->partial &&
        command.name() == use.command->name())
      return true;
  }
  return false;
}

}  // namespace

bool leaves_downloads(const Site& site, const ToolUse& use) {
  return use.action->kind == use.tool->leftovers.left_by && !is_held(site.step, *use.tool) && !holds_cache(site, use) &&
         !is_prevented(site, use) && !takes_only_cached(site, use) &&
         !is_cleaned_after(site.file.facts(), *site.step.script, use);
}

}  // namespace dockhew::inline caches
