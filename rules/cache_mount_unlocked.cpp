// Fires on a cache mount that two builds may write at the same time although its tool cannot handle that: APT, apk,
// Maven, Gradle, conda, NuGet.
#include <algorithm>

#include "caches/cache_directories.hpp"
#include "edits/mount_edits.hpp"
#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

void check_mount(const Dockerfile& file, const Mount& mount, const Tool& tool, Report& report) {
  auto& finding =
      report.add(mount.span, "two concurrent builds would share this cache of " + std::string(tool.title) +
                                 ", which cannot handle that; `sharing=locked` makes one wait for the other");
  Fix fix;
  fix.title = "lock the cache mount";
  fix.applicability = Applicability::safe;
  if (auto edit = set_mount_option(file, mount, "sharing", "locked")) fix.edits.push_back(std::move(*edit));
  else fix.declined = "the flag has quotes or spans several lines";
  finding.fixes.push_back(std::move(fix));
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      if (!step.script || step.mounts.empty()) continue;
      std::vector<const Mount*> reported;
      for (const auto& use : step.script->uses) {
        if (!use.uses_cache()) continue;
        for (const auto& directory : cache_directories({file, stage, step}, use)) {
          if (!directory.path.is_known() || !must_be_locked(*directory.cache, report.options().builder)) continue;
          const auto* mount = mount_over(step, directory.path.text);
          if (mount == nullptr || mount->type != Mount::Type::cache || mount->sharing != "shared") continue;
          if (std::ranges::find(reported, mount) != reported.end()) continue;
          reported.push_back(mount);
          check_mount(file, *mount, *use.tool, report);
        }
      }
    }
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
