// Fires on a RUN that needs what an earlier RUN has downloaded into a cache mount, and does not mount it. The downloads
// are not in the layers, so this RUN makes them again, or fails where it is told not to.
#include <algorithm>

#include "caches/cache_directories.hpp"
#include "caches/mount_plan.hpp"
#include "lint/mount_fix.hpp"
#include "lint/rule.hpp"
#include "model/site.hpp"

namespace dockhew::rules {
namespace {

void check_run(const Site& site, Report& report) {
  std::vector<const Tool*> reported;
  for (const auto& use : site.step.script->uses) {
    if (!use.uses_cache() || std::ranges::find(reported, use.tool) != reported.end()) continue;
    for (const auto& directory : cache_directories(site, use)) {
      if (!directory.cache->store || !directory.path.is_known() ||
          mount_over(site.step, directory.path.text) != nullptr)
        continue;
      if (!mounted_earlier(site, *use.tool, directory.path.text)) continue;
      auto plan = plan_cache_mounts(site, *use.tool, report.options().builder);
      // A mount that is there and sits elsewhere is what `cache-mount-wrong-target` moves.
      if (!plan.is_needed()) continue;
      reported.push_back(use.tool);
      auto& finding = report.add(site.step.script->to_source(use.command->words[0].span),
                                 "what an earlier RUN has downloaded is in a cache mount on `" + directory.path.text +
                                     "`, which this RUN does not have");
      finding.fixes.push_back(as_fix(std::move(plan.mounts), "mount the cache here too"));
      break;
    }
  }
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      if (step.script && !step.script->commands.empty()) check_run({file, stage, step}, report);
}

}  // namespace

extern constinit const Rule cache_mount_missing_on_consumer = {
    .id = "cache-mount-missing-on-consumer",
    .category = Category::speed,
    .severity = Severity::warning,
    .optimizes = true,
    .about_mounts = true,
    .summary = "downloads lie in a cache mount that their consumer does not have",
    .rationale =
        R"(`RUN --mount=type=cache,target=/go/pkg/mod go mod download` leaves nothing in its layer: the modules are
in the mount. A `go build` behind it that does not mount them downloads them all, every time its layer is
rebuilt, which is slower than without any mount; with `--offline` or without network it fails.

Every step that needs the downloads must have the mount. Crates, modules and stores of the like are looked
at; what is installed into the image, as by APT or pip, later steps find there.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
