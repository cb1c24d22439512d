// Fires on a build that starts a program of a package which was left out: it is for development only, and the
// installation was for production. The build ends with "not found".
#include <string>

#include "ecosystems/ecosystem.hpp"
#include "lint/rule.hpp"
#include "model/site.hpp"

namespace dockhew::rules {
namespace {

void check_step(const Site& site, Report& report) {
  for (const auto& use : site.uses()) {
    const auto* ecosystem = find_ecosystem(*use.tool);
    if (ecosystem == nullptr || ecosystem->missing_for_build == nullptr) continue;
    const auto program = ecosystem->missing_for_build(site, use);
    if (program.empty()) continue;
    const bool own = use.action->kind == ActionKind::install;
    report.add(site.step.script->to_source(use.command->span),
               own ? "a script of package.json that this runs starts `" + program +
                         "`, which is among the development dependencies that it leaves out; add `--ignore-scripts`, "
                         "or let the script succeed without it"
                   : "this starts `" + program +
                         "`, which is not installed: it is in a development dependency, and the installation left "
                         "these out");
  }
}

void check(const Dockerfile& file, Report& report) {
  if (!file.context().is_known()) return;
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) check_step({file, stage, step}, report);
}

}  // namespace

extern constinit const Rule missing_build_package = {
    .id = "missing-build-package",
    .category = Category::correctness,
    .severity = Severity::error,
    .stops_build = true,
    .summary = "a build starts a program that the installation left out",
    .rationale =
        R"(`npm ci --omit=dev`, or `npm ci` where NODE_ENV is `production`, installs no development dependencies. If `npm run build`
then starts `vite`, `tsc` or `ng`, and package.json lists that only under `devDependencies`, the build ends with "not found".

Install everything where the project is built, and leave out what only development needs in the stage that is shipped:
`RUN npm ci && npm run build && npm prune --omit=dev`, or a stage of its own. If NODE_ENV has to be set, `npm ci
--include=dev` installs them nevertheless. It is reported only where package.json and the lock file are in the build context
and say so.

`npm ci --omit=dev` also runs the project's own `postinstall` and `prepare`: `"prepare": "husky"` ends it with "not found".
`--ignore-scripts` leaves them out, and `husky || true` succeeds without the program.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
