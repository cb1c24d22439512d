// Fires on a layer that compiles the dependencies where that saves nothing: no later build can use what it has
// compiled, because it has another profile, other features, other flags, or keeps it elsewhere; or nothing is compiled
// at all; or the source is copied before it, so that it runs with every change.
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

// Why a build does not use it, or not all of it: empty where it does, or may.
struct Reason {
  std::string text;
  bool partly = false;
};

Reason reason_of(const Compilation& compilation, const Site& built, const ToolUse& use) {
  const auto& [site, compiling, ecosystem] = compilation;
  if (use.action->kind != ActionKind::build) return {};
  if (auto text = ecosystem.unused_compilation(site, compiling, built, use); !text.empty())
    return {std::move(text), false};
  if (ecosystem.partly_unused_compilation == nullptr) return {};
  return {ecosystem.partly_unused_compilation(site, compiling, built, use), true};
}

// Why the builds of a stage do not use it; nothing where the stage builds nothing after it.
std::optional<Reason> reason_in(const Dockerfile& file, const Stage& stage, const Compilation& compilation) {
  bool before = true, source = false;
  std::optional<Reason> reason;
  for (const auto& place : steps_of_chain(file, stage)) {
    if (place.step == &compilation.site.step) before = false;
    else if (!before) source |= brings_source(file, *place.step);
    if (!source || !place.step->script) continue;
    const Site built{file, *place.stage, *place.step};
    for (const auto& use : place.step->script->uses) {
      if (find_ecosystem(*use.tool) != &compilation.ecosystem || use.action->kind == ActionKind::fetch) continue;
      auto found = reason_of(compilation, built, use);
      if (found.text.empty()) return found;
      if (!reason || !reason->partly) reason = std::move(found);
    }
  }
  return reason;
}

void check_use(const Dockerfile& file, const Compilation& compilation, Report& report) {
  std::optional<Reason> reason;
  for (const auto& stage : file.stages()) {
    if (!continues(file, stage, compilation.site.stage)) continue;
    auto found = reason_in(file, stage, compilation);
    if (!found) continue;
    if (found->text.empty()) return;
    if (!reason || !reason->partly) reason = std::move(found);
  }
  if (!reason) return;
  const auto span = compilation.site.step.script->text.to_source(compilation.use.command->span);
  if (reason->partly)
    report
        .add(span,
             "the build compiles again what depends on features: this is for " + reason->text + "; give both the same")
        .severity = Severity::info;
  else report.add(span, "no build uses what this compiles: " + reason->text);
}

// Whether it compiles nothing at all, which is then said.
bool report_nothing(const Compilation& compilation, Report& report) {
  const auto& ecosystem = compilation.ecosystem;
  if (ecosystem.compiles_nothing == nullptr) return false;
  const auto reason = ecosystem.compiles_nothing(compilation.site, compilation.use);
  if (reason.empty()) return false;
  report.add(compilation.site.step.script->text.to_source(compilation.use.command->span),
             "this is no layer of dependencies: " + reason + "; copy or make what it needs for that, or delete it");
  return true;
}

// Whether the source is there when a step begins.
bool has_source(const Dockerfile& file, const Stage& stage, const Step& step) {
  for (const auto& place : steps_of_chain(file, stage)) {
    if (place.step == &step) return false;
    if (brings_source(file, *place.step)) return true;
  }
  return false;
}

bool compiles(const ToolUse& use) { return use.action->kind == ActionKind::build || use.action->compiles_dependencies; }

// Whether what a build compiles is kept for the next one: in a mount in its project, or by a compiler cache.
bool keeps_results(const Step& step, const ToolUse& use) {
  const auto& directory = use.command->directory;
  return !step.script->launchers.empty() || !directory.is_known() ||
         std::ranges::any_of(step.mounts, [&](const Mount& mount) {
           return mount.hides_writes() &&
                  (!mount.target.is_known() || path_is_under(mount.target.text, directory.text));
         });
}

// Whether the stages that have what is downloaded compile, and all of them from nothing, with the source.
bool is_only_downloaded(const Compilation& compilation) {
  const auto& [file, own, fetching] = compilation.site;
  bool builds = false;
  for (const auto& stage : file.stages()) {
    if (!continues(file, stage, own)) continue;
    bool source = false;
    for (const auto& place : steps_of_chain(file, stage)) {
      source |= brings_source(file, *place.step) || (place.step->copy && !place.step->copy->from_context());
      if (!place.step->script) continue;
      for (const auto& use : place.step->script->uses) {
        if (use.tool != compilation.use.tool || !compiles(use)) continue;
        if (!source || use.action->compiles_dependencies || keeps_results(*place.step, use)) return false;
        builds = true;
      }
    }
  }
  return builds;
}

// `cargo fetch` alone before the source.
void check_download(const Compilation& compilation, Report& report) {
  if (!is_only_downloaded(compilation)) return;
  report
      .add(compilation.site.step.script->text.to_source(compilation.use.command->span),
           "this only downloads, and every change of the source compiles all dependencies again; compile them in a "
           "layer before the source, too")
      .severity = Severity::info;
}

// Whether it compiles what it depends on, and keeps that in the project and not in a cache of its own.
bool compiles_into_project(const Tool& tool) {
  return tool.cost.compiles_dependencies && !tool.cost.cache_holds_dependencies;
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
        const bool downloads = use.action->kind == ActionKind::fetch && !use.action->compiles_dependencies;
        if (!downloads && !compiles(use)) continue;
        const auto* ecosystem = find_ecosystem(*use.tool);
        if (ecosystem == nullptr || ecosystem->unused_compilation == nullptr || ++examined > most_examined) continue;
        const Compilation compilation{{file, stage, step}, use, *ecosystem};
        if (downloads) {
          if (compiles_into_project(*use.tool) && !has_source(file, stage, step)) check_download(compilation, report);
        } else if (use.action->compiles_dependencies) check_early_use(compilation, report);
        else if (!has_source(file, stage, step) && !report_nothing(compilation, report))
          check_use(file, compilation, report);
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
cook` without `--release` before `cargo build --release` compiles everything twice. With other features (`--features`,
`--no-default-features`, `--all-features`) it compiles again the dependencies of which these ask something else; silent
where Cargo.toml shows that both turn on the same. `cargo check` makes no code, `cargo build || true` without any source compiles nothing, and
what is cooked in another directory is not found. `cargo fetch` alone saves the downloads only.

`cargo chef cook` after `COPY . .` runs with every change of the source, though it only reads the recipe: prepare that in a
stage of its own, and `COPY --from=planner /app/recipe.json recipe.json` before cooking. BuildKit goes by its contents.

Give both commands the same profile, the same features, the same `--target`, the same `RUSTFLAGS` and the same target directory, and if one
has a cache mount there, the other one too.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
