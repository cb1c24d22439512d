// Fires when a project is built or installed after a COPY of its source and nothing before that COPY fetches, compiles
// or installs its dependencies. The fix puts a dependency layer before the COPY: `go mod download`,
// `uv sync --no-install-project`, or for Cargo a build of the dependencies against dummy crate roots, which the real
// build then touches.
#include <algorithm>
#include <span>
#include <string>

#include "caches/mount_plan.hpp"
#include "effects/manifest_copy.hpp"
#include "effects/source_parts.hpp"
#include "layers/dependency_layer.hpp"
#include "lint/reordering_fix.hpp"
#include "lint/rule.hpp"
#include "model/command_text.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::rules {
namespace {

// What comes after the build in its stage: `COPY . .`, and the same build once more.
struct Later {
  bool copies = false, builds = false;
};

Later later_than(const MissingLayer& missing) {
  Later later;
  for (const auto& step : std::span(missing.build.stage.steps).subspan(missing.run() + 1)) {
    later.copies |= step.copy && step.copy->from_context();
    if (later.copies && step.script && std::ranges::any_of(step.script->uses, [&](const ToolUse& use) {
          return use.tool == missing.use->tool && use.action == missing.use->action;
        }))
      later.builds = true;
  }
  return later;
}

// The directories of source that are copied before the build, "`src`, `lib`". Empty where there are only single files,
// such as a build script, which change rarely.
std::string directories_before(const MissingLayer& missing) {
  std::string all;
  const auto& steps = missing.build.stage.steps;
  for (auto i = missing.copy; i < missing.run(); ++i) {
    const auto& copy = steps[i].copy;
    if (!copy || !copy->from_context() || !copies_directory(missing.build.file, *copy)) continue;
    for (const auto& source : copy->sources) all += (all.empty() ? "`" : ", `") + source.text + '`';
  }
  return all;
}

// Whether nothing that is copied before it is source: manifests, and what they name as the project's description.
bool copies_no_source(const MissingLayer& missing) {
  const auto& steps = missing.build.stage.steps;
  for (auto i = missing.copy; i < missing.run(); ++i) {
    const auto& copy = steps[i].copy;
    if (!copy || !copy->from_context()) continue;
    const bool plain = std::ranges::all_of(copy->sources, [&](const CopySource& source) {
      const auto name = path_basename(source.text);
      return source.known && (name.starts_with("README") || name.starts_with("LICENSE") ||
                              is_manifest(missing.build.file.facts(), source.text));
    });
    if (!plain) return false;
  }
  return true;
}

// Whether the build is meant to be the layer: `COPY src ./src`, a build, `COPY . .` and the build again, or `COPY
// pyproject.toml poetry.lock entrypoint.sh ./`, an installation and `COPY . .`.
struct MeantAsLayer {
  bool is_layer = false;
  std::string directories;  // that are copied before it all the same
};

MeantAsLayer meant_as_layer(const MissingLayer& missing) {
  if (!missing.in_parts) return {};
  const auto later = later_than(missing);
  auto directories = directories_before(missing);
  const bool fetches = missing.use->action->kind == ActionKind::fetch;
  if (later.builds || (directories.empty() && (later.copies || fetches || copies_no_source(missing))))
    return {true, std::move(directories)};
  return {};
}

std::string message(const MissingLayer& missing, const std::string& directories) {
  const auto command = '`' + first_words(command_text(missing.build.step, *missing.use->command), 80) + '`';
  const auto again = std::string(" fetches ") + (missing.use->tool->cost.compiles_dependencies ? "and compiles " : "") +
                     "all dependencies again: " + command;
  if (!directories.empty())
    return "every change of " + directories + again + ", which makes their layer, comes after " +
           (directories.find(',') == directories.npos ? "it" : "them");
  return "every source change" + again + " has no dependency layer before the source is copied";
}

// Whether the next build finds in a cache mount what a layer would hold, so that the layer would save nothing: it costs
// a start of the tool, and downloads more than the build. Not on a hosted runner, which keeps layers alone.
bool is_kept_in_mounts(const MissingLayer& missing, const RuleOptions& options) {
  if (!missing.layer.only_downloads) return false;
  const auto& file = missing.build.file;
  if (!has_run_mounts(file, options.builder) || options.builder_cache == BuilderCache::ephemeral) return false;
  if (!file.context().origin().hosted_layers.empty()) return false;
  const auto plan = plan_cache_mounts(missing.build, *missing.use->tool, options.builder);
  return !plan.unknown && plan.mounts;
}

// Said where somebody asks what was left as it is.
void report_kept(const MissingLayer& missing, Report& report) {
  auto& finding = report.add(missing.build.stage.steps[missing.copy].instruction->head_span(), message(missing, ""));
  finding.severity = Severity::off;
  Fix fix;
  fix.title = missing.layer.title;
  finding.fixes.push_back(decline(fix, "a cache mount keeps what is downloaded, so that a layer would save nothing"));
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      if (!step.script || step.script->opaque) continue;
      const auto missing = find_missing_layer({file, stage, step});
      if (!missing) continue;
      if (is_kept_in_mounts(*missing, report.options())) {
        report_kept(*missing, report);
        continue;
      }
      const auto meant = meant_as_layer(*missing);
      if (meant.is_layer && meant.directories.empty()) continue;
      auto& finding =
          report.add(stage.steps[missing->copy].instruction->head_span(), message(*missing, meant.directories));
      finding.fixes.push_back(reordering_fix(std::string(missing->layer.title), add_dependency_layer(*missing)));
    }
}

}  // namespace

extern constinit const Rule no_dependency_layer = {
    .id = "no-dependency-layer",
    .category = Category::speed,
    .severity = Severity::warning,
    .optimizes = true,
    .summary = "a project has no separate layer for its dependencies",
    .rationale = R"(Most of a first build is spent on dependencies, and they rarely change. If the source is copied
before they are fetched, every edit pays for all of them again.

For Go, the module files are copied first and `go mod download` gets a layer; for .NET, the project files and
`dotnet restore`, if the build context shows which projects there are; for uv, Poetry, PDM and Composer, whose command
also installs the project itself, the same command with `--no-install-project`, `--no-root`, `--no-self`, or
`--no-scripts --no-autoloader`. For Cargo, the manifests are copied first and the build runs once against dummy crate
roots (`fn main() {}`), which compiles every dependency. The real build then touches the crate roots: Cargo compares
modification times, and without the `touch` it would ship the dummy.

For Maven, a layer is worth it only where no cache mount keeps what it downloads: for a builder without mounts, a hosted runner
that fetches layers, or where the mount is declined. There the manifests of all modules are copied first, and
`mvn -fn dependency:resolve dependency:resolve-plugins` gets a layer; `-fn` leaves to the build what cannot be resolved before
it. With the mount, the next build downloads nothing anyhow, and the layer would only make the first one slower. For Gradle,
there is no such command: `gradle dependencies` fetches descriptions and no libraries.

The layout of a Cargo project is read from the build context; without it, no fix is offered. A build with a cache mount
on the target directory already keeps compiled dependencies and is not reported, nor is a Go or Cargo project that declares
no dependency.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
