// Fires on a HEALTHCHECK command in shell form. Unlike CMD and ENTRYPOINT, it gets no signals, so the shell only costs
// an extra process.
#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      const auto& instruction = *step.instruction;
      if (instruction.keyword != Keyword::healthcheck || instruction.json || instruction.arguments.empty()) continue;
      if (instruction.arguments_text.view().starts_with("NONE") ||
          instruction.arguments_text.view().starts_with("none"))
        continue;
      report.add(instruction.head_span(), "this check needlessly starts a shell; the JSON form does not", {"DL3025"});
    }
}

}  // namespace

extern constinit const Rule shell_form_healthcheck = {
    .id = "shell-form-healthcheck",
    .aliases = {"DL3025"},
    .category = Category::style,
    .severity = Severity::info,
    .by_default = false,
    .summary = "a HEALTHCHECK in shell form",
    .rationale =
        R"(`HEALTHCHECK CMD ["curl", "-f", "http://localhost/"]` starts the command itself. Most checks need
`|| exit 1`, and therefore a shell, so the rule is off by default.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
