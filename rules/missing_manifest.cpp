// Fires on a build in a workspace of which a package's manifest was not copied: the tool reads the manifests of all,
// also where it builds one, and stops.
#include <cstddef>
#include <string>

#include "ecosystems/ecosystem.hpp"
#include "lint/rule.hpp"
#include "model/site.hpp"

namespace dockhew::rules {
namespace {

// Nobody writes more of them, and for each the manifests of all packages are read.
constexpr std::size_t most_examined = 20;

// `cargo build || true`
bool ignores_failure(const Script& script, const ShellCommand& command) {
  return command.element < script.chain.size() && script.chain[command.element].joint == Joint::or_if;
}

void check_step(const Site& site, std::size_t& examined, Report& report) {
  for (const auto& use : site.uses()) {
    const auto* ecosystem = find_ecosystem(*use.tool);
    if (ecosystem == nullptr || ecosystem->missing_manifest == nullptr || use.action->kind != ActionKind::build ||
        ++examined > most_examined)
      continue;
    const auto manifest = ecosystem->missing_manifest(site, use);
    if (manifest.empty()) continue;
    auto& finding =
        report.add(site.step.script->to_source(use.command->span),
                   "this fails, because `" + manifest + "` belongs to the workspace and is not copied before it");
    if (!ignores_failure(*site.step.script, *use.command)) return;
    finding.severity = Severity::warning;
    finding.message += "; the failure is ignored, so nothing is built ahead of the source";
    return;
  }
}

void check(const Dockerfile& file, Report& report) {
  if (!file.context().is_known()) return;
  std::size_t examined = 0;
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) check_step({file, stage, step}, examined, report);
}

}  // namespace

extern constinit const Rule missing_manifest = {
    .id = "missing-manifest",
    .category = Category::correctness,
    .severity = Severity::error,
    .stops_build = true,
    .summary = "a workspace is built before all of its packages are copied",
    .rationale =
        R"(Cargo reads the manifests of all members of a workspace before it builds one of them: `cargo build -p server` stops with
"failed to load manifest for workspace member" where `COPY server ./server` was all that was copied.

Copy the other members too, or at least their manifests with an empty `src/lib.rs`, or take them out of the list in a
workspace of its own. It is reported only where the build context has the manifests, each COPY tells what it brings, and no
step may write them.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
