#include "flow/wasted_builds.hpp"

#include <algorithm>
#include <array>

#include "caches/cache_directories.hpp"
#include "ecosystems/command_effects.hpp"
#include "effects/unix_effects.hpp"
#include "text/path.hpp"

namespace dockhew::inline flow {
namespace {

// Whether something useful is made: not by commands that only check.
bool makes_results(const ToolUse& use) {
  if (use.tool->installs_results) return use.action->kind == ActionKind::install;
  if (use.action->kind != ActionKind::build || !use.action->reads_source) return false;
  constexpr std::array<std::string_view, 6> checks = {"test", "check", "clippy", "vet", "doc", "tidy"};
  return std::ranges::none_of(use.action->words,
                              [&](std::string_view word) { return std::ranges::find(checks, word) != checks.end(); });
}

// Whether the paths are not all known, or one of those that `counts` accepts lies outside of every mount.
template <typename Counts>
bool leaves_mounts(const Step& step, const AffectedPaths& written, const Counts& counts) {
  return written.may_be_anywhere() || std::ranges::any_of(written.paths, [&](const AffectedPath& output) {
           return counts(output.path) && mount_over(step, output.path) == nullptr;
         });
}

// What a command other than a build writes, or may write, outside every mount: results could be among it.
bool may_copy_out(const Site& site, const ShellCommand& command) {
  if (command.words.empty() || is_sourcing(command)) return false;
  const auto effects = command_effects(site, command);
  return !effects.makes_directories && leaves_mounts(site.step, effects.writes, [](const auto&) { return true; });
}

bool copies_out(const Site& site, const ShellCommand& build) {
  if (!site.step.script || site.step.script->opaque) return true;
  return std::ranges::any_of(site.step.script->commands, [&](const ShellCommand& command) {
    if (&command == &build) return false;
    // Commands before the build cannot copy its results, except in the body of a function or a loop, which may run
    // again.
    if (command.span.end <= build.span.begin && !command.conditional && !command.nested) return false;
    const auto* use = command.use;
    // Packages, and other builds, are not copies of these results.
    if (use && (makes_results(*use) || use->action->kind != ActionKind::build)) return false;
    return may_copy_out(site, command);
  });
}

// A later step of the stage, or any step of another stage that may be built after it, mounts the same cache. Nothing
// but the last stage itself is built after it.
bool mounted_again(const Site& site, const Mount& mount) {
  const bool last = site.stage.index + 1 == site.file.stages().size();
  return std::ranges::any_of(site.file.stages(), [&](const Stage& other) {
    if (last && other.index != site.stage.index) return false;
    return std::ranges::any_of(other.steps, [&](const Step& later) {
      if (other.index == site.stage.index && later.index <= site.step.index) return false;
      return std::ranges::any_of(later.mounts, [&](const Mount& again) {
        return again.type == Mount::Type::cache && again.shares_cache_with(mount);
      });
    });
  });
}

}  // namespace

const Mount* results_mount(const Site& site, const ToolUse& use) {
  const auto effects = command_effects(site, *use.command);
  // The root of the workspace, which may lie above the project, holds the build directory.
  const auto built = use.tool->project.build_directory;
  const bool workspace = !built.empty() && use.command->directory.is_known();
  for (const auto& mount : site.step.mounts) {
    if (mount.type != Mount::Type::cache || !mount.target.is_known()) continue;
    const auto& target = mount.target.text;
    for (const auto& written : effects.writes.paths) {
      const auto& output = written.path;
      if (path_is_under(output, target)) return &mount;
      const bool above = path_basename(output) == built && path_basename(target) == built &&
                         path_is_under(path_parent(output), path_parent(target));
      if (workspace && above) return &mount;
    }
  }
  return nullptr;
}

std::vector<WastedBuild> find_wasted_builds(const Dockerfile& file) {
  std::vector<WastedBuild> wasted;
  for (const auto& stage : file.stages())
    for (std::size_t i = 0; i < stage.steps.size(); ++i) {
      const auto& step = stage.steps[i];
      if (!step.script || step.mounts.empty()) continue;
      for (const auto& use : step.script->uses) {
        if (!makes_results(use)) continue;
        const auto* mount = results_mount({file, stage, step}, use);
        if (mount == nullptr) continue;
        // `cargo install --root /out` builds in one place and installs to another.
        const auto written = command_effects({file, stage, step}, *use.command).writes;
        const bool elsewhere =
            leaves_mounts(step, written, [](const std::string& path) { return path_basename(path) != "target"; });
        if (elsewhere || copies_out({file, stage, step}, *use.command) || mounted_again({file, stage, step}, *mount))
          continue;
        wasted.push_back({stage.index, i, mount, step.script->to_source(use.command->span)});
        break;
      }
    }
  return wasted;
}

}  // namespace dockhew::inline flow
