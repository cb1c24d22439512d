// Fires on a layer that compiles the dependencies where that saves nothing: no later build can use what it has
// compiled, because it has another profile, another target, other flags, or keeps it elsewhere; or the source is copied
// before it, so that it runs with every change.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "ecosystems/ecosystem.hpp"
#include "effects/manifest_copy.hpp"
#include "effects/source_copy.hpp"
#include "effects/source_parts.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/site.hpp"
#include "text/path.hpp"

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

bool copies_directories(const Dockerfile& file, const Copy& copy) {
  const auto is_all = [](const CopySource& source) { return source.known && clean_path("/" + source.text) == "/"; };
  return std::ranges::any_of(copy.sources, is_all) || copies_directory(file, copy);
}

// Whether all of the project is copied before a use that only needs what it depends on.
bool comes_after_project(const Compilation& compilation) {
  const auto& [file, stage, step] = compilation.site;
  const auto& directory = compilation.use.command->directory;
  if (!directory.is_known()) return false;
  for (const auto* each : chain_of(file, stage)) {
    auto before = each == &stage ? compilation.site.earlier().size() : each->steps.size();
    // `COPY recipe.json ./` brings no source.
    for (std::size_t passed = 0; passed < most_examined; ++passed) {
      const auto copy = find_source_copy(file, *each, before, directory.text);
      if (!copy) break;
      if (copies_directories(file, *each->steps[*copy].copy)) return true;
      before = *copy;
    }
  }
  return false;
}

void check_early_use(const Compilation& compilation, Report& report) {
  const auto& [file, stage, step] = compilation.site;
  if (!comes_after_project(compilation)) return check_use(file, compilation, report);
  report.add(step.script->text.to_source(compilation.use.command->span),
             "every source change compiles this again, because the source is copied before it; copy only what lists "
             "the dependencies, from a stage that prepares it");
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
        const Compilation compilation{{file, stage, step}, use, *ecosystem};
        if (use.action->compiles_dependencies) check_early_use(compilation, report);
        else if (!has_source(file, stage, step)) check_use(file, compilation, report);
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

`cargo chef cook` after `COPY . .` runs with every change of the source, though it only reads the recipe: prepare that in a
stage of its own, and `COPY --from=planner /app/recipe.json recipe.json` before cooking. BuildKit goes by its contents.

Give both commands the same profile, the same `--target`, the same `RUSTFLAGS` and the same target directory, and if one
has a cache mount there, the other one too.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
