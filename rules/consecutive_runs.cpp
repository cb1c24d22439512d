// Fires on a RUN of one command directly after another of one command. Joined, they would be one layer; apart, they are
// cached separately, which is often intended, so this is a matter of style.
#include <algorithm>

#include "lint/rule.hpp"
#include "model/runs.hpp"

namespace dockhew::rules {
namespace {

bool is_single(const Step& step) { return step.script && step.script->commands.size() == 1; }

bool same_flags(const Instruction& a, const Instruction& b) {
  return std::ranges::equal(a.flags, b.flags,
                            [](const Flag& x, const Flag& y) { return x.name == y.name && x.value == y.value; });
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (std::size_t i = 1; i < stage.steps.size(); ++i) {
      const auto &before = stage.steps[i - 1], &step = stage.steps[i];
      if (!is_single(before) || !is_single(step) || !same_flags(*before.instruction, *step.instruction)) continue;
      auto& finding =
          report.add(step.instruction->keyword_span, "this RUN and the one above could share a layer", {"DL3059"});
      // Nobody keeps the layers of such a stage; unless hadolint is asked.
      if (!stage.shipped) finding.severity = Severity::off;
    }
}

}  // namespace

extern constinit const Rule consecutive_runs = {
    .id = "consecutive-runs",
    .aliases = {"DL3059"},
    .category = Category::style,
    .severity = Severity::info,
    .by_default = false,
    .summary = "two consecutive RUNs of one command each",
    .rationale =
        R"(Each `RUN` makes a layer. Joining two of them saves one; keeping them apart lets the first stay in the cache
when the second changes. The rule only looks at adjacent RUNs of one command each with the same flags, in a stage that is shipped.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
