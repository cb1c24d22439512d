// Fires on a STOPSIGNAL that no program can handle.
#include <algorithm>
#include <array>
#include <string_view>

#include "lint/rule.hpp"
#include "model/site.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

struct Signal {
  std::string_view name, number, effect;
};
// Their numbers on Linux, signal(7).
constexpr auto signals = std::to_array<Signal>({
    {"KILL", "9", "ends the program at once, so it cannot finish what it does"},
    {"STOP", "19", "only freezes the program, so it is killed after the time that it is given to stop"},
});

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      if (step.instruction->keyword != Keyword::stopsignal || step.instruction->arguments.empty()) continue;
      const auto& word = step.instruction->arguments[0];
      const auto value = file.expand(stage, step, word.text);
      if (!value.is_known()) continue;
      auto name = to_lower_ascii(value.text);
      if (name.starts_with("sig")) name.erase(0, 3);
      const auto found = std::ranges::find_if(
          signals, [&](const Signal& each) { return name == to_lower_ascii(each.name) || value.text == each.number; });
      if (found != signals.end())
        report.add(word.span,
                   "no program can handle SIG" + std::string(found->name) + ": it " + std::string(found->effect));
    }
}

}  // namespace

extern constinit const Rule unusable_stop_signal = {
    .id = "unusable-stop-signal",
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "a stop signal that no program can handle",
    .rationale =
        R"(`docker stop` sends this signal and, after ten seconds, SIGKILL. A program handles SIGTERM, the default, SIGINT
or SIGQUIT, and closes its files and connections. SIGKILL and SIGSTOP cannot be handled.

There is no fix, because only you know which signal the program handles. Without the instruction it is SIGTERM.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
