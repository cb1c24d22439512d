// Fires on a cache mount that looks like a tool's cache but is not: for this user and this environment, the tool uses
// another directory. The mount then stays empty, and the downloads end up in the layer.
#include "caches/cache_directories.hpp"
#include "caches/mount_owner.hpp"
#include "caches/mount_parents.hpp"
#include "edits/mount_edits.hpp"
#include "lint/rule.hpp"
#include "model/site.hpp"

namespace dockhew::rules {
namespace {

Fix retarget(const Site& site, const Mount& mount, const CacheDirectory& directory, Builder builder) {
  Fix fix;
  fix.title = "mount the directory that the tool uses";
  fix.applicability = Applicability::safe;
  auto edit = set_mount_option(site.file, mount, "target", directory.path.text);
  const auto owner = mount_owner(site);
  auto parents = make_parents(site, {directory.path.text});
  if (!parents) return fix.declined = parents.reason(), fix;
  if (!owner) return fix.declined = owner.reason() + ", and without it the mount is not writable", fix;
  if (!edit) return fix.declined = "the flag has quotes or spans several lines", fix;
  auto options = *owner;
  if (must_be_locked(*directory.cache, builder) && mount.sharing == "shared") options += ",sharing=locked";
  if (!options.empty() && mount.uid.empty()) {
    // The target may be the last option; the two edits are then merged.
    if (edit->span.end == mount.span.end) edit->text += options;
    else fix.edits.push_back({{mount.span.end, mount.span.end}, options});
  }
  fix.edits.push_back(std::move(*edit));
  for (auto& made : *parents) fix.edits.push_back(std::move(made));
  return fix;
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      if (!step.script || step.mounts.empty()) continue;
      const Mount* last = nullptr;
      for (const auto& use : step.script->uses) {
        if (!use.uses_cache()) continue;
        for (const auto& directory : cache_directories({file, stage, step}, use)) {
          // The author knows more about an unknown base image than we do.
          if (!directory.path.is_known() || directory.assumed || mount_over(step, directory.path.text) != nullptr)
            continue;
          const auto* mount = misplaced_mount({file, stage, step}, *use.tool, directory);
          if (mount == nullptr || mount == last) continue;
          last = mount;
          const bool launched = use.command->use != &use;  // by the compiler that it takes the place of
          auto& finding =
              report.add(mount->span, "`" + (launched ? std::string(use.tool->title) : use.command->name()) +
                                          "` does not use this directory: its cache is `" + directory.path.text + "`" +
                                          (has_literal_home(*mount) ? ", and no shell reads the `~` in a mount" : ""));
          finding.fixes.push_back(retarget({file, stage, step}, *mount, directory, report.options().builder));
        }
      }
    }
}

}  // namespace

extern constinit const Rule cache_mount_wrong_target = {
    .id = "cache-mount-wrong-target",
    .category = Category::speed,
    .severity = Severity::warning,
    .optimizes = true,
    .about_mounts = true,
    .summary = "a cache mount is not where its tool keeps its cache",
    .rationale =
        R"(Where a tool keeps its cache depends on the user, on `HOME` and on other variables: npm does not use
`/root/.npm` when it runs as `node`, and Cargo does not use `/root/.cargo/registry` in the image `rust`, whose
`CARGO_HOME` is `/usr/local/cargo`. apk caches only in `/etc/apk/cache`: a mount on `/var/cache/apk` works only with a
link to it. sccache, which builds start in place of the compiler, uses `SCCACHE_DIR`.

Such a mount does no harm and no good, so nobody notices it.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
