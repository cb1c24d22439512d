// Fires on a stage that downloads with wget in one place and with curl in another. One of them would be enough.
#include <algorithm>
#include <string_view>

#include "lint/rule.hpp"
#include "model/runs.hpp"

namespace dockhew::rules {
namespace {

const ShellCommand* find_command(const Step& step, std::string_view name) {
  const auto found =
      std::ranges::find_if(step.script->commands, [&](const ShellCommand& c) { return c.name() == name; });
  return found == step.script->commands.end() ? nullptr : &*found;
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages()) {
    bool wget = false, curl = false;
    const auto look = [&](const Step& step) {
      const auto *w = find_command(step, "wget"), *c = find_command(step, "curl");
      const bool second = (w != nullptr && (curl || c != nullptr)) || (c != nullptr && wget);
      wget |= w != nullptr;
      curl |= c != nullptr;
      if (second)
        report.add(step.script->to_source((c != nullptr ? c : w)->span),
                   "this stage uses both wget and curl; one would be enough", {"DL4001"});
    };
    for (const auto& step : stage.steps) {
      if (step.script) look(step);
      for (const auto& triggered : step.triggered)
        if (triggered.script) look(triggered);
    }
  }
}

}  // namespace

extern constinit const Rule wget_and_curl = {
    .id = "wget-and-curl",
    .aliases = {"DL4001"},
    .category = Category::style,
    .severity = Severity::info,
    .by_default = false,
    .summary = "a stage uses both wget and curl",
    .rationale = R"(Both download files. If you use only one, the image does not need the other.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
