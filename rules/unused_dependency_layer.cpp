// Fires on a layer that compiles the dependencies before the source is copied, where no later build can use what it has
// compiled: it has another profile, another target, other flags, or keeps it elsewhere.
#include <optional>
#include <string>
#include <utility>

#include "ecosystems/ecosystem.hpp"
#include "effects/manifest_copy.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/site.hpp"

namespace dockhew::rules {
namespace {

bool brings_source(const Dockerfile& file, const Step& step) {
  return step.copy && step.copy->from_context() && !copies_only_manifests(file, *step.copy);
}

// Of compilations in one file; for each all steps of the stages that have it are gone through.
constexpr std::size_t most_examined = 20;

// Where a use stands among the steps of a stage that contains it.
struct Compilation {
  Site site;
  const ToolUse& use;
  const Ecosystem& ecosystem;
};

// Why the builds of a stage do not use it: empty where one does, or may; nothing where the stage builds nothing after
// it.
std::optional<std::string> reason_in(const Dockerfile& file, const Stage& stage, const Compilation& compilation) {
  bool before = true, source = false;
  std::optional<std::string> reason;
  for (const auto& place : steps_of_chain(file, stage)) {
    if (place.step == &compilation.site.step) before = false;
    else if (!before) source |= brings_source(file, *place.step);
    if (!source || !place.step->script) continue;
    const Site built{file, *place.stage, *place.step};
    for (const auto& use : place.step->script->uses) {
      if (find_ecosystem(*use.tool) != &compilation.ecosystem || use.action->kind == ActionKind::fetch) continue;
      reason = use.action->kind == ActionKind::build
                   ? compilation.ecosystem.unused_compilation(compilation.site, compilation.use, built, use)
                   : std::string();
      if (reason->empty()) return reason;
    }
  }
  return reason;
}

void check_use(const Dockerfile& file, const Compilation& compilation, Report& report) {
  std::optional<std::string> reason;
  for (const auto& stage : file.stages()) {
    if (!continues(file, stage, compilation.site.stage)) continue;
    auto found = reason_in(file, stage, compilation);
    if (!found) continue;
    if (found->empty()) return;
    reason = std::move(found);
  }
  if (reason)
    report.add(compilation.site.step.script->text.to_source(compilation.use.command->span),
               "no build uses what this compiles: " + *reason);
}

// Whether the source is there when a step begins.
bool has_source(const Dockerfile& file, const Stage& stage, const Step& step) {
  for (const auto& place : steps_of_chain(file, stage)) {
    if (place.step == &step) return false;
    if (brings_source(file, *place.step)) return true;
  }
  return false;
}

void check(const Dockerfile& file, Report& report) {
  std::size_t examined = 0;
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      if (!step.script) continue;
      for (const auto& use : step.script->uses) {
        if (!use.action->compiles_dependencies && use.action->kind != ActionKind::build) continue;
        const auto* ecosystem = find_ecosystem(*use.tool);
        if (ecosystem == nullptr || ecosystem->unused_compilation == nullptr || ++examined > most_examined) continue;
        if (use.action->compiles_dependencies || !has_source(file, stage, step))
          check_use(file, {{file, stage, step}, use, *ecosystem}, report);
      }
    }
}

}  // namespace

extern constinit const Rule unused_dependency_layer = {
    .id = "unused-dependency-layer",
    .category = Category::speed,
    .severity = Severity::warning,
    .summary = "a layer compiles dependencies that no build uses",
    .rationale =
        R"(A layer that compiles the dependencies before the source is copied saves time only where the build finds what it has
compiled. Cargo keeps it by profile and target, and compiles again where the flags of the compiler differ: `cargo chef
cook` without `--release` before `cargo build --release` compiles everything twice.

Give both commands the same profile, the same `--target`, the same `RUSTFLAGS` and the same target directory, and if one
has a cache mount there, the other one too.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
