// Fires on a build that starts a program of a package which was left out, because it is for development only and the
// installation was for production, or a script that the manifest does not have. The build ends there.
#include <utility>

#include "ecosystems/ecosystem.hpp"
#include "lint/purpose.hpp"
#include "lint/rule.hpp"
#include "model/site.hpp"

namespace dockhew::rules {
namespace {

// Builds do not get beyond the first of a stage.
bool check_step(const Site& site, Report& report) {
  for (const auto& use : site.uses()) {
    const auto* ecosystem = find_ecosystem(*use.tool);
    if (ecosystem == nullptr || ecosystem->missing_for_build == nullptr) continue;
    auto missing = ecosystem->missing_for_build(site, use);
    if (missing.reason.empty()) continue;
    auto& finding = report.add(site.step.script->to_source(use.command->span), std::move(missing.reason));
    if (missing.edits.empty()) return true;
    Fix fix;
    fix.title = std::move(missing.title);
    fix.applicability = Applicability::safe;
    fix.edits = std::move(missing.edits);
    fix.adds_work = true;
    finding.fixes.push_back(std::move(fix));
    return true;
  }
  return false;
}

void check(const Dockerfile& file, Report& report) {
  if (!file.context().is_known() || (file.context().origin().guess && is_for_other_projects(report.options().path)))
    return;
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      if (check_step({file, stage, step}, report)) break;
}

}  // namespace

extern constinit const Rule missing_build_package = {
    .id = "missing-build-package",
    .category = Category::correctness,
    .severity = Severity::error,
    .stops_build = true,
    .summary = "a build starts a program or a script that is not there",
    .rationale =
        R"(`npm ci --omit=dev`, or `npm ci` where NODE_ENV is `production`, installs no development dependencies. If `npm run build`
then starts `vite`, `tsc` or `ng`, and package.json lists that only under `devDependencies`, the build ends with "not found".

Install everything where the project is built, and leave out what only development needs in the stage that is shipped:
`RUN npm ci && npm run build && npm prune --omit=dev`, or a stage of its own. If NODE_ENV has to be set, `npm ci
--include=dev` installs them nevertheless. The fix takes the option away, or adds this one. It is reported only where package.json and the lock file are in the build context
and say so.

`npm ci --omit=dev` also runs the project's own `postinstall` and `prepare`: `"prepare": "husky"` ends it with "not found".
`--ignore-scripts` leaves them out, and `husky || true` succeeds without the program. `"postinstall": "prisma generate"` fails
where the schema is only copied after the installation.

`npm run build` and `pnpm run build` end with "Missing script" where package.json has no script of that name. Where the build
context is a guess, it is reported only if no package.json of the repository has it.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
