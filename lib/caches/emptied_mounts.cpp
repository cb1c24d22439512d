#include "caches/emptied_mounts.hpp"

#include <algorithm>
#include <string_view>

#include "text/path.hpp"

namespace dockhew::inline caches {
namespace {

// npm 7 and later read the directory and remove all that is in it, one after the other; npm 6 removed it as a whole
// (`lib/commands/ci.js`, and https://github.com/npm/npm/issues/21007).
std::optional<EmptiedMount> emptied_by(const Site& site, const ToolUse& use) {
  const auto& directory = use.command->directory;
  if (!use.action->from_scratch || !directory.is_known()) return std::nullopt;
  for (const auto* option : {"--dry-run", "--global", "-g"})
    if (use.has_option(option)) return std::nullopt;
  const auto elsewhere = [&](std::string_view option) { return use.has_option(option); };
  if (std::ranges::any_of(use.tool->project.directory_options, elsewhere)) return std::nullopt;
  for (const auto& installed : use.tool->installs_into)
    for (const auto ending : installed.endings) {
      const auto place = clean_path(directory.text + std::string(ending));
      for (const auto& mount : site.step.mounts)
        if (mount.target.is_known() && path_is_under(mount.target.text, place))
          return EmptiedMount{&use, &mount, std::string(path_basename(place)), mount.target.text != place};
    }
  return std::nullopt;
}

}  // namespace

std::optional<EmptiedMount> find_emptied_mount(const Site& site) {
  if (site.step.mounts.empty()) return std::nullopt;
  for (const auto& use : site.uses())
    if (auto emptied = emptied_by(site, use)) return emptied;
  return std::nullopt;
}

}  // namespace dockhew::inline caches
