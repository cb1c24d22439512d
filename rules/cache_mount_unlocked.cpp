// Fires on a cache mount that two builds may write at the same time although its tool cannot handle that: APT, apk,
// Maven, Gradle, conda, NuGet.
#include <algorithm>

#include "caches/cache_directories.hpp"
#include "edits/mount_edits.hpp"
#include "lint/rule.hpp"
#include "model/site.hpp"
#include "text/words.hpp"

namespace dockhew::rules {
namespace {

struct Unlocked {
  std::vector<const Mount*> mounts;
  std::vector<std::string_view> tools;  // whose caches they hold
};

template <typename Each>
void add_new(std::vector<Each>& to, const Each& each) {
  if (std::ranges::find(to, each) == to.end()) to.push_back(each);
}

Unlocked unlocked_mounts(const Site& site, Builder builder) {
  Unlocked found;
  for (const auto& use : site.uses()) {
    if (!use.uses_cache()) continue;
    for (const auto& directory : cache_directories(site, use)) {
      if (!directory.path.is_known() || !must_be_locked(*directory.cache, builder)) continue;
      const auto* mount = mount_over(site.step, directory.path.text);
      if (mount == nullptr || mount->type != Mount::Type::cache || mount->sharing != "shared") continue;
      add_new(found.mounts, mount);
      add_new(found.tools, use.tool->title);
    }
  }
  return found;
}

std::string message_for(const Unlocked& found) {
  std::string tools;
  for (std::size_t i = 0; i < found.tools.size(); ++i)
    (tools += i == 0 ? "" : i + 1 == found.tools.size() ? " and " : ", ") += found.tools[i];
  std::vector<std::string> targets;
  for (const auto* mount : found.mounts) targets.push_back(mount->target.text);
  return "two concurrent builds would share " +
         (targets.size() == 1 ? "this cache of " + tools : "the caches of " + tools + ", " + list_quoted(targets, 10)) +
         ", which cannot handle that; `sharing=locked` makes one wait for the other";
}

// One finding a RUN.
void check_run(const Site& site, Report& report) {
  const auto found = unlocked_mounts(site, report.options().builder);
  if (found.mounts.empty()) return;
  auto& finding = report.add(found.mounts.front()->span, message_for(found));
  Fix fix;
  fix.title = found.mounts.size() == 1 ? "lock the cache mount" : "lock the cache mounts";
  fix.applicability = Applicability::safe;
  for (const auto* mount : found.mounts) {
    auto edit = set_mount_option(site.file, *mount, "sharing", "locked");
    if (!edit) {
      decline(fix, "the flag has quotes or spans several lines");
      break;
    }
    fix.edits.push_back(std::move(*edit));
  }
  finding.fixes.push_back(std::move(fix));
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      if (step.script && !step.mounts.empty()) check_run({file, stage, step}, report);
}

}  // namespace

extern constinit const Rule cache_mount_unlocked = {
    .id = "cache-mount-unlocked",
    .category = Category::correctness,
    .severity = Severity::warning,
    .optimizes = true,
    .about_mounts = true,
    .summary = "a cache mount that must be locked is shared",
    .rationale =
        R"(Builds that run at the same time, including stages of one build, write to the same cache mount. APT locks its
directories and fails when they are already locked ("Could not get lock /var/lib/apt/lists/lock"); Maven and Gradle do
not expect another writer. NuGet locks each package that it unpacks, but with files in `/tmp`, where another container does
not see them, and one that finds a package half unpacked empties its directory and begins again. With `sharing=locked` one
build waits for the other.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
