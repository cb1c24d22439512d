// Fires on a RUN that downloads packages with a tool whose cache could be kept in a mount between builds, but has no
// such mount. The fix mounts the directories that the tool uses for this user, and removes from the RUN whatever would
// defeat the mounts.
#include <algorithm>

#include "caches/cache_directories.hpp"
#include "caches/mount_plan.hpp"
#include "ecosystems/installation.hpp"
#include "lint/mount_fix.hpp"
#include "lint/rule.hpp"
#include "model/branches.hpp"
#include "model/site.hpp"

namespace dockhew::rules {
namespace {

std::string join(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "`" : ", `") + name + "`";
  return text;
}

// Whether the layer is rebuilt often: with every change of the project or of what it depends on. What is installed by
// name, and what comes from the distribution, is downloaded again only when this line or one above it changes.
bool is_rebuilt_often(const Script& script, const Tool& tool) {
  return !tool.packages.of_system && std::ranges::any_of(script.uses, [&](const ToolUse& use) {
    return use.tool == &tool && use.uses_cache() && use.action->kind != ActionKind::refresh &&
           installation_of(use).declares != Declares::names;
  });
}

void check_run(const Site& site, Report& report) {
  const auto& uses = site.step.script->uses;
  for (const auto& tool : site.file.facts().tools) {
    if (!tool.cache_use.mount_pays) continue;
    const auto first = std::ranges::find_if(uses, [&](const ToolUse& use) {
      // Lists fetched by `apt-get update` alone are meant for the image or for a later RUN.
      return use.tool == &tool && use.uses_cache() && use.action->kind != ActionKind::refresh;
    });
    if (first == uses.end()) continue;
    auto plan = plan_cache_mounts(site, tool, report.options().builder);
    if (plan.missing.empty() && !plan.unknown) continue;
    // Someone who moved the cache and mounts something here has most likely mounted the cache.
    const bool mounts_cache =
        std::ranges::any_of(site.step.mounts, [](const Mount& mount) { return mount.type == Mount::Type::cache; });
    if (plan.unknown && mounts_cache) continue;
    // `cache-mount-missing-on-consumer` reports that.
    if (std::ranges::any_of(plan.missing, [&](const std::string& directory) {
          return plan.store && mounted_earlier(site, tool, directory);
        }))
      continue;
    const auto span = site.step.script->to_source(first->command->words[0].span);
    const bool compiles = !tool.launches.empty();
    const auto name = tool.named_as_called || compiles ? first->command->name() : std::string(tool.id);
    auto& finding = report.add(span, "`" + name + "` " + (compiles ? "compiles" : "downloads") +
                                         " again whenever this layer is rebuilt; a cache mount" +
                                         (plan.missing.empty() ? "" : " on " + join(plan.missing)) + " would keep " +
                                         (compiles ? "what " + std::string(tool.title) + " has" : "it"));
    if (!is_rebuilt_often(*site.step.script, tool)) finding.severity = Severity::info;
    // There would be nothing to do about it; `optimize` says why.
    if (!plan.mounts || is_in_dead_branch(*site.step.script, *first->command)) finding.severity = Severity::off;
    finding.fixes.push_back(as_fix(std::move(plan.mounts), "add a cache mount for " + std::string(tool.title)));
  }
}

void check(const Dockerfile& file, Report& report) {
  // Without mounts, or with mounts that are empty whenever a build starts, there is nothing to gain; and a download
  // made in its own layer would be lost.
  const auto& options = report.options();
  const bool mounts = options.builder == Builder::buildkit || options.builder == Builder::buildah;
  if (!mounts || options.builder_cache == BuilderCache::ephemeral) return;
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      if (step.script && !step.script->commands.empty()) check_run({file, stage, step}, report);
}

}  // namespace

extern constinit const Rule missing_cache_mount = {
    .id = "missing-cache-mount",
    .category = Category::speed,
    .severity = Severity::warning,
    .optimizes = true,
    .summary = "a package manager runs without a cache mount",
    .rationale = R"(A layer that is rebuilt starts from scratch: every package is downloaded again, even if only one of
them changed. A cache mount keeps the package manager's cache from one build to the next, and out of the image.

The mount must be where the tool keeps its cache. That depends on the user, on `HOME` and on variables such as
`CARGO_HOME`, which the base image may set; if it cannot be determined, no fix is offered. The fix also removes flags
and clean-up commands that bypass or empty the cache. The `docker-clean` hook of Debian's and Ubuntu's images deletes
every package that APT has downloaded to `/var/cache/apt/archives`, so APT is told to keep them in `/var/cache/apt/kept`.

A mount hides the files below it, so none is offered when a later step needs them: downloaded crates or modules, for a
command that cannot be analyzed. `lint` reports only what a mount would help; why there is none elsewhere, `optimize`
says. If APT's lists come from an earlier layer or are read by a later one, only the downloaded packages get a mount.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
