#include "caches/mount_parents.hpp"

#include <algorithm>

#include "effects/accounts.hpp"
#include "effects/unix_effects.hpp"
#include "model/runs.hpp"
#include "model/user.hpp"
#include "text/path.hpp"

namespace dockhew::inline caches {
namespace {

// The base image is known to have it, or shows it by naming the directory in a variable, as Rust's does with
// CARGO_HOME.
bool is_of_image(const Stage& stage, const std::string& directory) {
  if (!stage.image) return false;
  const auto& entry = *stage.image->entry;
  const auto is_it = [&](std::string_view other) { return other == directory; };
  return std::ranges::any_of(entry.directories, is_it) ||
         std::ranges::any_of(entry.environment, is_it, [](const auto& variable) { return variable.second; });
}

// WORKDIR, a command that makes directories, or a COPY to there or below.
bool makes(const Facts& facts, const Step& step, const std::string& directory) {
  if (step.workdir.is_known() && path_is_under(step.workdir.text, directory)) return true;
  if (step.copy && step.copy->destination.is_known()) return path_is_under(step.copy->destination.text, directory);
  return step.script && std::ranges::any_of(step.script->commands, [&](const ShellCommand& command) {
           const auto effects = unix_effects(facts, command);
           return effects.makes_directories && std::ranges::any_of(effects.writes.paths, [&](const AffectedPath& made) {
                    return path_is_under(made.path, directory);
                  });
         });
}

// Of the step's user, where it is known and there; empty elsewhere.
std::string existing_home(const Site& site) {
  if (const auto home = site.home(); home.is_known()) return home.text;
  const auto account = find_account(site, site.step.user.text);
  return account && account->creates_home ? account->home : std::string();
}

}  // namespace

Obstacle parent_obstacle(const Site& site, const std::string& target) {
  if (may_be_root(site.step.user)) return std::nullopt;
  const std::string parent(path_parent(target));
  const bool above_home = path_is_under(existing_home(site), parent);
  const auto made = [&](const Site& earlier) { return makes(site.file.facts(), earlier.step, parent); };
  const bool there =
      parent == "/" || above_home || is_of_image(site.stage, parent) || site.any_earlier({"makes ", parent}, made);
  if (there) return std::nullopt;
  return Declined{"the builder would create `" + parent + "` as root for the mount, and user `" + site.step.user.text +
                  "` could not write anything else there"};
}

}  // namespace dockhew::inline caches
