// Fires on a RUN that needs what an earlier RUN downloaded into a cache mount, but does not mount it. The downloads are
// not in the layers, so this RUN repeats them.
#include <algorithm>

#include "caches/cache_directories.hpp"
#include "caches/cached_uses.hpp"
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
    if (takes_only_cached(site, use)) continue;  // it fails, which `store-needed-later` says
    for (const auto& directory : cache_directories(site, use)) {
      if (!directory.cache->store || !directory.path.is_known() ||
          mount_over(site.step, directory.path.text) != nullptr)
        continue;
      if (!mounted_earlier(site, *use.tool, directory.path.text)) continue;
      auto plan = plan_cache_mounts(site, *use.tool, report.options().builder);
      // An existing mount in the wrong place is moved by `cache-mount-wrong-target`.
      if (!plan.is_needed()) continue;
      reported.push_back(use.tool);
      auto& finding = report.add(site.step.script->to_source(use.command->words[0].span),
                                 "an earlier RUN downloaded into a cache mount on `" + directory.path.text +
                                     "`, which this RUN does not mount");
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
    .category = Category::correctness,
    .severity = Severity::warning,
    .optimizes = true,
    .about_mounts = true,
    .summary = "downloads are in a cache mount that a later RUN lacks",
    .rationale =
        R"(`RUN --mount=type=cache,target=/go/pkg/mod go mod download` leaves nothing in its layer: the modules are in
the mount. A later `go build` without the mount downloads all of them again every time its layer is rebuilt, which is
slower than using no mount at all. Where it is told to download nothing it fails, which
`store-needed-later` reports.

Every step that needs the downloads must have the mount. This rule covers stores such as crates and modules; what APT or
pip install goes into the image, where later steps find it.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
