// Fires on an installation or a build whose manifest was not copied: none at all, or of a workspace that of one
// package, which the tool reads also where it builds another.
#include <cstddef>
#include <string>

#include "ecosystems/ecosystem.hpp"
#include "flow/absent_manifest.hpp"
#include "lint/purpose.hpp"
#include "lint/rule.hpp"
#include "model/failure.hpp"
#include "model/site.hpp"

namespace dockhew::rules {
namespace {

// Nobody writes more of them. For each build the manifests of all packages are read, for each installation all steps
// before it.
constexpr std::size_t most_builds = 20, most_installations = 40;

struct Examined {
  std::size_t builds = 0, installations = 0;
};

// Because the context lacks it, or because nothing copies it.
std::string why_absent(const Site& site, const AbsentManifest& absent) {
  const auto name = '`' + absent.name + '`';
  if (!absent.in_context) return "no step before it brings " + name + " to `" + absent.directory + '`';
  if (site.context().origin().guess) return name + " is nowhere in the repository";
  const auto& context = site.context().origin().directory;
  return name + " is not in the build context" + (context.empty() ? "" : " `" + context + '`');
}

bool report_absent(const Site& site, const ToolUse& use, Examined& examined, Report& report) {
  const auto kind = use.action->kind;
  if ((kind != ActionKind::install && kind != ActionKind::fetch) || ++examined.installations > most_installations)
    return false;
  const auto absent = absent_manifest(site, use);
  const bool elsewhere = site.context().origin().guess && is_for_other_projects(report.options().path);
  if (!absent || (absent->in_context && elsewhere)) return false;
  const auto& script = *site.step.script;
  const bool ends = !absent->may_succeed && !is_failure_caught(script, *use.command);
  auto& finding = report.add(
      script.to_source(use.command->span),
      (ends ? "this fails, because " : "this installs nothing, or fails, because ") + why_absent(site, *absent));
  if (!ends) finding.severity = Severity::warning;
  return true;
}

void check_step(const Site& site, Examined& examined, Report& report) {
  for (const auto& use : site.uses()) {
    if (report_absent(site, use, examined, report)) return;
    const auto* ecosystem = find_ecosystem(*use.tool);
    if (!site.context().is_known() || ecosystem == nullptr || ecosystem->missing_manifest == nullptr ||
        use.action->kind != ActionKind::build || ++examined.builds > most_builds)
      continue;
    const auto manifest = ecosystem->missing_manifest(site, use);
    if (manifest.empty()) continue;
    auto& finding =
        report.add(site.step.script->to_source(use.command->span),
                   "this fails, because `" + manifest + "` belongs to the workspace and is not copied before it");
    if (!is_failure_caught(*site.step.script, *use.command)) return;
    finding.severity = Severity::warning;
    finding.message += "; the failure is ignored, so nothing is built ahead of the source";
    return;
  }
}

void check(const Dockerfile& file, Report& report) {
  Examined examined;
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) check_step({file, stage, step}, examined, report);
}

}  // namespace

extern constinit const Rule missing_manifest = {
    .id = "missing-manifest",
    .category = Category::correctness,
    .severity = Severity::error,
    .stops_build = true,
    .summary = "a tool runs without the manifest that it reads",
    .rationale =
        R"(`bundle install`, `npm ci`, `go mod download` and `pip install -r requirements.txt` stop where they find no manifest:
COPY it before them. `yarn install` then only writes an empty lock file, so that the layer is made and nothing is installed. A
volume that is mounted when the container runs is not there during the build. It is reported where no step brings the file, or
where the build context lacks what the COPY would bring, and neither Git's ignore files nor a script of the repository say that
it is made.

Cargo reads the manifests of all members of a workspace before it builds one of them: `cargo build -p server` stops with
"failed to load manifest for workspace member" where `COPY server ./server` was all that was copied.

Copy the other members too, or at least their manifests with an empty `src/lib.rs`, or take them out of the list in a
workspace of its own. It is reported only where the build context has the manifests, each COPY tells what it brings, and no
step may write them.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
