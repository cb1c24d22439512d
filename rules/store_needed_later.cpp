// Fires where a cache mount holds what a later step needs: packages for a build that downloads none, Poetry's virtual
// environment, the browsers of Playwright. The RUN succeeds, but the layer lacks them.
#include <algorithm>
#include <string>

#include "caches/cache_directories.hpp"
#include "caches/cache_readers.hpp"
#include "caches/lacked_mounts.hpp"
#include "caches/store_obstacles.hpp"
#include "ecosystems/ecosystem.hpp"
#include "lint/rule.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

Fix mount_here_too(const Site& site, const Site& filler, const std::vector<const Mount*>& mounts, const Tool& tool,
                   Builder builder) {
  Fix fix;
  fix.title = "mount the cache here too";
  auto edits = repeat_mounts(site, filler, mounts, tool, builder);
  if (!edits) return decline(fix, edits.reason());
  fix.applicability = Applicability::conditional;
  fix.assumptions.push_back(cache_is_kept());
  fix.edits = *std::move(edits);
  return fix;
}

// The packages are installed by the first RUN already, or one of the two copies the downloads.
bool may_be_there(const Site& filler, const Site& reader, const ToolUse& use, const KeptDirectory& kept) {
  const auto installs = [&](const ShellCommand& command) {
    return command.use != nullptr && command.use->action->kind == ActionKind::install &&
           kept.read_by(command, kept.path);
  };
  return (use.action->kind == ActionKind::install && std::ranges::any_of(filler.step.script->commands, installs)) ||
         may_keep_downloads(filler, *use.tool, kept.path) || may_keep_downloads(reader, *use.tool, kept.path);
}

// The first later command that reads a directory without having it in a mount, where it would find nothing.
void report_reader(const Site& site, const KeptDirectory& kept, const Mount& mount, Report& report) {
  for (const auto& later : site.stage.steps) {
    if (later.index <= site.step.index || !later.script || mount_over(later, kept.path) != nullptr) continue;
    const auto& commands = later.script->commands;
    const auto reader =
        std::ranges::find_if(commands, [&](const ShellCommand& command) { return kept.read_by(command, kept.path); });
    if (reader == commands.end() || is_copied_below(site.at(later), kept.path)) continue;
    if (reader->use != nullptr && may_be_there(site, site.at(later), *reader->use, kept)) return;
    auto& finding = report.add(later.script->to_source(reader->span), kept.what);
    finding.severity = Severity::error;
    if (reader->use != nullptr)
      finding.fixes.push_back(
          mount_here_too(site.at(later), site, {&mount}, *reader->use->tool, report.options().builder));
    return;
  }
}

void check_kept(const Site& site, const KeptDirectory& kept, Report& report) {
  const auto* mount = mount_over(site.step, kept.path);
  if (mount == nullptr) return;
  if (kept.read_by != nullptr) return report_reader(site, kept, *mount, report);
  auto& finding = report.add(mount->span, kept.what + ", which is under this mount and so not in the image");
  finding.severity = Severity::error;
}

// Whether what a tool keeps is named by its ecosystem, and so reported above.
bool is_kept_by_name(const Site& filler, const Tool& tool, const std::vector<const Mount*>& mounts) {
  const auto* ecosystem = find_ecosystem(tool);
  if (ecosystem == nullptr || ecosystem->kept_directories == nullptr) return false;
  const auto kept = ecosystem->kept_directories(filler);
  return std::ranges::any_of(kept, [&](const KeptDirectory& each) {
    return each.read_by != nullptr && std::ranges::any_of(mounts, [&](const Mount* mount) {
             return path_is_under(each.path, mount->target.text);
           });
  });
}

// `mvn -o package` without the mount in which `mvn dependency:go-offline` has put everything.
void check_offline(const Site& site, Report& report) {
  std::vector<const Tool*> asked;
  for (const auto& use : site.uses()) {
    if (std::ranges::find(asked, use.tool) != asked.end()) continue;
    asked.push_back(use.tool);
    const auto lacked = find_lacked_mounts(site, *use.tool);
    if (!lacked || is_kept_by_name(lacked->filler, *use.tool, lacked->mounts)) continue;
    auto& finding =
        report.add(site.step.script->to_source(lacked->use->command->span),
                   "this downloads nothing, and what it needs is in the cache mount on `" +
                       lacked->mounts[0]->target.text + "` of an earlier RUN, and not in a layer, so that it " +
                       (lacked->certain ? "fails" : "may fail") + "; mount it here too");
    finding.severity = lacked->certain ? Severity::error : Severity::warning;
    finding.fixes.push_back(mount_here_too(site, lacked->filler, lacked->mounts, *use.tool, report.options().builder));
  }
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
      if (!step.script) continue;
      const Site site{file, stage, step};
      check_offline(site, report);
      if (step.mounts.empty()) continue;
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
    .optimizes = true,
    .about_mounts = true,
    .summary = "a cache mount holds what a later step needs",
    .rationale =
        R"(Some tools keep what they install in the same directory as their cache. Poetry creates virtual environments
in `~/.cache/pypoetry/virtualenvs`, unless `virtualenvs.in-project` is set or `virtualenvs.create` is not; Playwright,
Puppeteer and Cypress put browsers below `~/.cache`. With a mount over that directory, the RUN succeeds but the image
lacks them.

A build that downloads nothing needs what an earlier RUN has downloaded: `mvn -o`, `gradle --offline`, `cargo --frozen`,
`npm ci --offline`, `dotnet publish --no-restore`, `pip install --no-index --find-links=/wheels`. If that RUN had the
directory in a cache mount, nothing of it is in a layer, and the build fails without the same mount. Silent where another
instruction may have put the downloads into a layer, and where an installation finds there what the first one has made of
them; a warning where it may find a part. The fix repeats the mount. It counts on the builder not throwing the
cache away between the two RUNs, of which the first may be cached; a build that may download has no such need.

A stage that only downloads is another case: `COPY --from=deps /root/.m2 /root/.m2` copies nothing useful if that stage
keeps Maven's repository in a mount.

Mount what is only a cache (`~/.cache/pypoetry/cache` and `…/artifacts`), or let the tool install elsewhere.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
