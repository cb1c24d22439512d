#include "lint/unbuilt.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <vector>

#include "lint/rule.hpp"
#include "model/failure.hpp"
#include "model/runs.hpp"

namespace dockhew::inline lint {
namespace {

std::uint32_t begin_of(const Stage& stage) { return stage.from->span.begin; }

// Time and size, and what is no more than good form.
bool is_of_no_use(const Finding& finding) {
  const auto category = finding.rule->category;
  return category == Category::speed || category == Category::size ||
         (finding.severity < Severity::warning && category != Category::security);
}

bool is_about_versions(const Finding& finding) { return finding.rule->category == Category::reproducibility; }

// From where on builds do not get, up to the end of the stage.
using Unreached = std::map<std::uint32_t, std::uint32_t>;

Unreached unreached_parts(const Dockerfile& file, std::span<const Finding> findings) {
  Unreached unreached;
  for (const auto& finding : findings) {
    if (!ends_build(finding)) continue;
    const auto next = std::ranges::upper_bound(file.stages(), finding.span.begin, {}, begin_of);
    const auto end = next == file.stages().end() ? file.source().size() : begin_of(*next);
    unreached.emplace(finding.span.begin, static_cast<std::uint32_t>(end));
  }
  return unreached;
}

bool contains(const Unreached& unreached, std::uint32_t place) {
  const auto after = unreached.upper_bound(place);
  return after != unreached.begin() && place < std::prev(after)->second;
}

// Whether one of the stages that make up the image fails.
bool image_fails(const Dockerfile& file, const Unreached& unreached) {
  std::vector<bool> wanted(file.stages().size());
  wanted.back() = true;
  const auto needed = with_needed_stages(file, std::move(wanted));
  return std::ranges::any_of(unreached, [&](const auto& part) {
    const auto next = std::ranges::upper_bound(file.stages(), part.first, {}, begin_of);
    return next != file.stages().begin() && needed[static_cast<std::size_t>(next - file.stages().begin()) - 1];
  });
}

// The command that a place is in, where the script of a step could be read; null elsewhere.
const ShellCommand* command_at(const Step& step, std::uint32_t place) {
  const auto& script = step.script;
  if (!script || script->opaque || place < step.instruction->span.begin || place >= step.instruction->span.end)
    return nullptr;
  const auto found = std::ranges::find_if(script->commands, [&](const ShellCommand& command) {
    const auto span = script->to_source(command.span);
    return !command.nested && span.begin <= place && place < span.end;
  });
  return found == script->commands.end() ? nullptr : &*found;
}

bool goes_on(const Dockerfile& file, std::uint32_t place) {
  const auto stage = std::ranges::upper_bound(file.stages(), place, {}, begin_of);
  if (stage == file.stages().begin()) return false;
  const auto& steps = std::prev(stage)->steps;
  const auto begin = [](const Step& step) { return step.instruction->span.begin; };
  const auto step = std::ranges::upper_bound(steps, place, {}, begin);
  if (step == steps.begin()) return false;
  const auto* command = command_at(*std::prev(step), place);
  return command != nullptr && !ends_script(*std::prev(step)->script, *command);
}

}  // namespace

void mark_going_on(const Dockerfile& file, std::span<Finding> findings) {
  for (auto& finding : findings)
    if (ends_build(finding) && goes_on(file, finding.span.begin)) {
      finding.build_goes_on = true;
      // The build succeeds without what the fix brings.
      for (auto& fix : finding.fixes)
        if (fix.applicability > Applicability::unsafe) {
          fix.applicability = Applicability::unsafe;
          fix.checklist.emplace_back("the build goes on without it now");
        }
    }
}

bool all_builds_known(const Dockerfile& file) {
  const auto& origin = file.context().origin();
  // One that stops at a stage which is not there means another one.
  const auto is_there = [&](const std::string& target) {
    return std::ranges::any_of(file.stages(), [&](const Stage& stage) { return stage.name == target; });
  };
  return file.context().is_known() && !origin.guess && !origin.reason.empty() &&
         std::ranges::all_of(origin.targets, is_there);
}

void quiet_left_over(const Dockerfile& file, std::span<Finding> findings) {
  if (file.context().origin().left_over.empty()) return;
  for (auto& finding : findings)
    if (finding.severity < Severity::error && finding.rule->category != Category::security)
      finding.severity = Severity::off;
}

void quiet_unused(const Dockerfile& file, std::span<Finding> findings) {
  if (file.stages().size() < 2) return;
  const auto built = built_stages(file);
  for (auto& finding : findings) {
    const auto next = std::ranges::upper_bound(file.stages(), finding.span.begin, {}, begin_of);
    if (next == file.stages().begin()) continue;
    const auto& stage = *std::prev(next);
    // Of the stage itself only this one is about its FROM.
    const bool says_so = finding.span.begin == begin_of(stage) && finding.rule->category == Category::style;
    const bool no_use = is_of_no_use(finding) || is_about_versions(finding);
    if (!built[stage.index] && (stage.name.empty() || all_builds_known(file)) && !says_so && no_use)
      finding.severity = Severity::off;
  }
}

void quiet_unreached(const Dockerfile& file, std::span<Finding> findings) {
  const auto unreached = unreached_parts(file, findings);
  if (unreached.empty() || file.stages().empty()) return;
  const bool all = image_fails(file, unreached);
  for (auto& finding : findings) {
    if (finding.rule->stops_build) continue;
    const bool here = contains(unreached, finding.span.begin);
    if ((is_of_no_use(finding) && (all || here)) || (here && is_about_versions(finding)))
      finding.severity = Severity::off;
  }
}

}  // namespace dockhew::inline lint
