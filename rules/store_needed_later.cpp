// Fires where a cache mount holds what a later step needs: NuGet's packages for a build without restore, Poetry's
// virtual environment, the browsers of Playwright. The RUN succeeds, but the image lacks them.
#include <algorithm>
#include <string>

#include "caches/cache_directories.hpp"
#include "caches/cache_readers.hpp"
#include "ecosystems/ecosystem.hpp"
#include "lint/rule.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::rules {
namespace {

// The first later command that reads a directory without having it in a mount, where it would find nothing.
void report_reader(const Site& site, const KeptDirectory& kept, Report& report) {
  for (const auto& later : site.stage.steps) {
    if (later.index <= site.step.index || !later.script || mount_over(later, kept.path) != nullptr) continue;
    const auto& commands = later.script->commands;
    const auto reader = std::ranges::find_if(commands, kept.read_by);
    if (reader == commands.end()) continue;
    auto& finding = report.add(later.script->to_source(reader->span), kept.what);
    finding.severity = Severity::error;
    return;
  }
}

void check_kept(const Site& site, const KeptDirectory& kept, Report& report) {
  const auto* mount = mount_over(site.step, kept.path);
  if (mount == nullptr) return;
  if (kept.read_by != nullptr) return report_reader(site, kept, report);
  auto& finding = report.add(mount->span, kept.what + ", which is under this mount and so not in the image");
  finding.severity = Severity::error;
}

// The directories below mounts of a step into which a tool downloads what its later uses read.
std::vector<std::string> stores_in_mounts(const Site& site, const ToolUse& use) {
  std::vector<std::string> stores;
  if (!use.uses_cache()) return stores;
  for (const auto& directory : cache_directories(site, use))
    if (directory.cache->store && directory.path.is_known() && mount_over(site.step, directory.path.text) != nullptr)
      stores.push_back(directory.path.text);
  return stores;
}

// The first later use of the tool in a stage that has no mount on the directory.
const ToolUse* unmounted_use(const Stage& stage, const Step& after, const Tool& tool, const std::string& directory) {
  for (const auto& step : stage.steps) {
    if (step.index < after.index || !step.script || mount_over(step, directory) != nullptr) continue;
    for (const auto& use : step.script->uses)
      if (use.tool == &tool && use.action->kind == ActionKind::build) return &use;
  }
  return nullptr;
}

// `COPY --from=deps /root/.m2 /root/.m2` copies what a mount has kept out of that stage's layers.
void check_stores(const Site& site, Report& report) {
  for (const auto& use : site.step.script->uses) {
    const auto stores = stores_in_mounts(site, use);
    if (stores.empty()) continue;
    for (const auto& other : site.file.stages())
      for (const auto& taker : other.steps) {
        if (other.index == site.stage.index || !takes_from(site.file, site.stage, other, taker, stores, true)) continue;
        const auto wanted = unmounted_use(other, taker, *use.tool, stores[0]);
        if (!wanted) continue;
        auto& finding =
            report.add(taker.instruction->head_span(),
                       "what " + std::string(use.tool->title) +
                           " downloaded is not in what this copies: it is in the cache mount on `" +
                           mount_over(site.step, stores[0])->target.text + "` of stage `" +
                           (site.stage.name.empty() ? std::to_string(site.stage.index) : site.stage.name) + "`");
        const bool offline = !wanted->uses_cache();
        finding.severity = offline ? Severity::error : Severity::warning;
        return;
      }
  }
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      if (!step.script || step.mounts.empty()) continue;
      const Site site{file, stage, step};
      for (const auto* ecosystem : all_ecosystems()) {
        if (ecosystem->kept_directories == nullptr) continue;
        for (const auto& kept : ecosystem->kept_directories(site)) check_kept(site, kept, report);
      }
      check_stores(site, report);
    }
}

}  // namespace

extern constinit const Rule store_needed_later = {
    .id = "store-needed-later",
    .category = Category::correctness,
    .severity = Severity::error,
    .about_mounts = true,
    .summary = "a cache mount holds what a later step needs",
    .rationale =
        R"(Some tools keep what they install in the same directory as their cache. Poetry creates virtual environments
in `~/.cache/pypoetry/virtualenvs`, unless `virtualenvs.in-project` is set or `virtualenvs.create` is not; Playwright,
Puppeteer and Cypress put browsers below `~/.cache`; NuGet's packages are read by `dotnet publish --no-restore`. With a
mount over that directory, the RUN succeeds but the image lacks them.

A stage that only downloads is another case: `COPY --from=deps /root/.m2 /root/.m2` copies nothing useful if that stage
keeps Maven's repository in a mount.

Mount what is only a cache (`~/.cache/pypoetry/cache` and `…/artifacts`), or let the tool install elsewhere.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
