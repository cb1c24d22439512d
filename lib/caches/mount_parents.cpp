#include "caches/mount_parents.hpp"

#include <algorithm>

#include "edits/run_edits.hpp"
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
  if (!stage.image || stage.image->only_configured) return false;
  const auto& entry = *stage.image->entry;
  const auto is_it = [&](std::string_view other) { return other == directory; };
  return std::ranges::any_of(entry.directories, is_it) ||
         std::ranges::any_of(entry.environment, is_it, [](const auto& variable) { return variable.second; });
}

bool makes_earlier(const Site& site, const std::string& directory) {
  const auto made = [&](const Site& earlier) { return makes_directory(earlier, directory); };
  return site.any_earlier({"makes ", directory}, made);
}

// Of the step's user, where it is known and there; empty elsewhere.
std::string existing_home(const Site& site) {
  if (const auto home = site.home(); home.is_known()) return home.text;
  const auto account = find_account(site, site.step.user.text);
  return account && account->creates_home ? account->home : std::string();
}

// Of a user of the base image.
bool is_home_in_image(const Stage& stage, const std::string& user, const std::string& home) {
  return stage.image && std::ranges::any_of(stage.image->entry->users, [&](const auto& known) {
           return (user == known.first || user == known.second) && home == "/home/" + std::string(known.first);
         });
}

// The base image has the user, or the command that creates the user makes the home, which nothing has made before.
bool owns_home(const Site& site, const std::string& home) {
  const auto account = find_account(site, site.step.user.text);
  if (!account) return is_home_in_image(site.stage, site.step.user.text, home);
  if (account->home != home || !account->creates_home) return false;
  const auto creates = [&](const Site& earlier) { return creates_account(earlier, account->name); };
  const auto created = site.first_earlier({"creates the account ", account->name}, creates);
  return created && !created->step.workdir.is_unknown() && !makes_earlier(*created, home) &&
         !path_is_under(created->step.workdir.text, home);
}

bool removes(const Site& site, const std::string& directory) {
  if (!site.step.script) return false;
  return std::ranges::any_of(site.step.script->commands, [&](const ShellCommand& command) {
    if (command.use != nullptr) return false;
    auto effects = unix_effects(site.file.facts(), command);
    if (const auto home = home_of(site); home.is_known()) effects.resolve_home(home.text);
    return effects.removes.anything || std::ranges::any_of(effects.removes.paths, [&](const AffectedPath& removed) {
             return removed.path.starts_with('~') || glob_match_above(removed.path, directory);
           });
  });
}

// Whether the step's user can make a directory in the home, and it is still there when the step runs.
bool can_make(const Site& site, const std::string& directory) {
  const auto home = existing_home(site);
  if (home.empty() || !path_is_under(directory, home) || !owns_home(site, home)) return false;
  for (std::string above(path_parent(directory)); above != home; above = path_parent(above))
    if (is_there(site, above)) return false;  // it may be another's
  const auto removed = [&](const Site& earlier) { return removes(earlier, directory); };
  return !site.any_earlier({"removes ", directory}, removed);
}

// After the first USER of the stage that names the step's user; one place for all steps of the user.
const Instruction& place_of_user(const Site& site) {
  const auto account = find_account(site, site.step.user.text);
  const auto is_user = [&](const Value& user) {
    return user == site.step.user || (account && (user.is(account->name) || user.is(account->uid)));
  };
  const auto& steps = site.stage.steps;
  for (std::size_t i = 0; i < site.step.index; ++i)
    if (steps[i].instruction->keyword == Keyword::user && is_user(steps[i + 1].user)) return *steps[i].instruction;
  return *site.stage.from;
}

}  // namespace

bool makes_directory(const Site& site, const std::string& directory) {
  const auto& step = site.step;
  if (step.workdir.is_known() && path_is_under(step.workdir.text, directory)) return true;
  if (step.copy && step.copy->destination.is_known()) return path_is_under(step.copy->destination.text, directory);
  return step.script && std::ranges::any_of(step.script->commands, [&](const ShellCommand& command) {
           auto effects = unix_effects(site.file.facts(), command);
           if (const auto home = home_of(site); home.is_known()) effects.resolve_home(home.text);
           return effects.makes_directories && std::ranges::any_of(effects.writes.paths, [&](const AffectedPath& made) {
                    return path_is_under(made.path, directory);
                  });
         });
}

bool is_there(const Site& site, const std::string& directory) {
  return directory == "/" || path_is_under(existing_home(site), directory) || is_of_image(site.stage, directory) ||
         makes_earlier(site, directory);
}

Outcome<std::vector<TextEdit>> make_parents(const Site& site, const std::vector<std::string>& targets) {
  std::vector<TextEdit> edits;
  if (may_be_root(site.step.user)) return edits;
  std::vector<std::string> missing;
  for (const auto& target : targets) {
    std::string parent(path_parent(target));
    if (is_there(site, parent)) continue;
    if (!can_make(site, parent))
      return Declined{"the builder would create `" + parent + "` as root for the mount, and user `" +
                      site.step.user.text + "` could not write anything else there"};
    if (std::ranges::find(missing, parent) == missing.end()) missing.push_back(std::move(parent));
  }
  if (missing.empty()) return edits;
  std::string line = "RUN mkdir -p";
  for (const auto& directory : missing) line += ' ' + directory;
  const auto& document = site.file.document();
  edits.push_back(insert_lines_after(document, place_of_user(site), line + std::string(document.newline())));
  return edits;
}

}  // namespace dockhew::inline caches
