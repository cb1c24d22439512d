// Fires on a cache mount owned by root in a RUN whose user is not root. The tool cannot write there, so it fails or
// works without a cache.
#include <algorithm>

#include "caches/cache_directories.hpp"
#include "caches/mount_owner.hpp"
#include "lint/rule.hpp"

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

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      if (step.instruction->keyword != Keyword::run || !step.user.is_known() || step.user.text.empty()) continue;
      if (step.user.text == "root" || step.user.text == "0" || !step.script || uses_root(*step.script)) continue;
      const auto owner = mount_owner({file, stage, step});
      for (const auto& mount : step.mounts) {
        if (mount.type != Mount::Type::cache || !mount.uid.empty() || open_to_others(mount) || !mount.from.empty() ||
            is_misplaced({file, stage, step}, mount))
          continue;
        auto& finding =
            report.add(mount.span, "user `" + step.user.text +
                                       "` cannot write here: a cache mount is owned by root unless `uid` is set");
        Fix fix;
        fix.title = "make the user the owner of the mount";
        fix.applicability = Applicability::safe;
        const auto text = slice(file.source(), mount.span);
        if (!owner) fix.declined = owner.reason();
        else if (text.find_first_of("\"'\\\n") != text.npos)
          fix.declined = "the flag has quotes or spans several lines";
        else fix.edits.push_back({{mount.span.end, mount.span.end}, *owner});
        finding.fixes.push_back(std::move(fix));
      }
    }
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
its owner. Mounts with different `uid` values are separate caches.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
