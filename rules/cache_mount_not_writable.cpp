// Fires on a cache mount owned by root in a RUN whose user is not root. The tool cannot write there, so it fails or
// works without a cache.
#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "caches/cache_directories.hpp"
#include "caches/cached_uses.hpp"
#include "caches/mount_owner.hpp"
#include "lint/rule.hpp"
#include "model/user.hpp"

namespace dockhew::rules {
namespace {

// The group or everyone may write: 0775, 0777, 1777.
bool open_to_others(const Mount& mount) {
  return !mount.mode.empty() &&
         (mount.mode.back() == '7' || mount.mode.back() == '6' || mount.mode.back() == '2' || mount.mode.back() == '3');
}

bool uses_root(const Script& script) {
  return std::ranges::any_of(script.commands, [](const ShellCommand& command) { return !command.wrappers.empty(); });
}

// Its owner would not matter: `cache-mount-wrong-target` reports it.
bool is_misplaced(const Site& site, const Mount& mount) {
  return std::ranges::any_of(site.uses(), [&](const ToolUse& use) {
    if (!use.uses_cache()) return false;
    const auto directories = cache_directories(site, use);
    return std::ranges::any_of(directories, [&](const CacheDirectory& directory) {
      return !directory.assumed && misplaced_mount(site, *use.tool, directory) == &mount;
    });
  });
}

// It is only read: it says so, or its tool is told to take what is there.
bool is_only_read(const Site& site, const Mount& mount) {
  const auto text = slice(site.file.source(), mount.span);
  const bool read_only = text.find(",readonly") != text.npos || text.find(",ro") != text.npos;
  return read_only ||
         std::ranges::any_of(site.uses(), [&](const ToolUse& use) { return takes_only_cached(site, use); });
}

// Caches that a RUN of root has too: with another owner, the same mount would be another, empty one.
std::set<std::string> caches_of_root(const Dockerfile& file) {
  std::set<std::string> keys;
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      if (may_be_root(step.user))
        for (const auto& mount : step.mounts)
          if (mount.type == Mount::Type::cache) keys.insert(mount.cache_key());
  return keys;
}

Fix make_owner(const Site& site, const Mount& mount, const std::set<std::string>& of_root) {
  Fix fix;
  fix.title = "make the user the owner of the mount";
  if (of_root.contains(mount.cache_key()))
    return decline(fix,
                   "a RUN of root shares this cache, and with a `uid` it would be another one; give all of them "
                   "the same `uid`, or `mode=0777`");
  const auto text = slice(site.file.source(), mount.span);
  const auto owner = mount_owner(site);
  if (!owner) return decline(fix, owner.reason());
  if (text.find_first_of("\"'\\\n") != text.npos) return decline(fix, "the flag has quotes or spans several lines");
  fix.applicability = Applicability::safe;
  fix.edits.push_back({{mount.span.end, mount.span.end}, *owner});
  return fix;
}

// One mount of a stage, and what makes it the user's in all RUNs that have it.
struct Unwritable {
  std::string user;
  std::vector<Span> places;
  Fix fix;
};

class Mounts {
 public:
  explicit Mounts(const std::set<std::string>& of_root) : of_root_(of_root) {}
  void add(const Site& site, const Mount& mount) {
    auto fix = make_owner(site, mount, of_root_);
    const std::string text(slice(site.file.source(), mount.span));
    const auto place = known_.try_emplace(text + '\n' + site.step.user.text + '\n' + fix.declined, all_.size());
    if (place.second) return all_.push_back({site.step.user.text, {mount.span}, std::move(fix)});
    auto& first = all_[place.first->second];
    first.places.push_back(mount.span);
    std::ranges::move(fix.edits, std::back_inserter(first.fix.edits));
  }
  std::vector<Unwritable> all() { return std::move(all_); }

 private:
  const std::set<std::string>& of_root_;
  std::vector<Unwritable> all_;
  std::map<std::string, std::size_t> known_;  // by what a reader is told of it
};

void check_stage(const Dockerfile& file, const Stage& stage, const std::set<std::string>& of_root, Report& report) {
  Mounts mounts(of_root);
  for (const auto& step : stage.steps) {
    if (step.instruction->keyword != Keyword::run || !step.user.is_known() || step.user.text.empty()) continue;
    if (step.user.text == "root" || step.user.text == "0" || !step.script || uses_root(*step.script)) continue;
    const Site site{file, stage, step};
    for (const auto& mount : step.mounts)
      if (mount.type == Mount::Type::cache && mount.uid.empty() && !open_to_others(mount) && mount.from.empty() &&
          !is_misplaced(site, mount) && !is_only_read(site, mount))
        mounts.add(site, mount);
  }
  for (auto& each : mounts.all()) {
    auto& finding = report.add(each.places.front(), "user `" + each.user +
                                                        "` cannot write here: a cache mount is owned by root unless "
                                                        "`uid` is set");
    finding.related.assign(each.places.begin() + 1, each.places.end());
    finding.fixes.push_back(std::move(each.fix));
  }
}

void check(const Dockerfile& file, Report& report) {
  const auto of_root = caches_of_root(file);
  for (const auto& stage : file.stages()) check_stage(file, stage, of_root, report);
}

}  // namespace

extern constinit const Rule cache_mount_not_writable = {
    .id = "cache-mount-not-writable",
    .category = Category::correctness,
    .severity = Severity::warning,
    .optimizes = true,
    .about_mounts = true,
    .summary = "a cache mount that the user of its RUN cannot write to",
    .rationale =
        R"(BuildKit creates the directory of a new cache mount as root, with mode 0755. A tool that runs as another user
fails with "permission denied" or, like pip, warns and carries on without its cache. `uid=1000,gid=1000` makes the user
its owner. Mounts with different `uid` values are separate caches, so there is no fix where a RUN of root has the same
cache, and nothing is reported where it is only read.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
