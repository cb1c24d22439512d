// Fires on commands that are useless while an image is built: what they start or show is gone when the step ends.
#include <algorithm>
#include <string_view>

#include "lint/rule.hpp"
#include "model/runs.hpp"

namespace dockhew::rules {
namespace {

bool is_pointless(std::string_view name) {
  constexpr std::string_view names[] = {"free",    "ifconfig", "kill", "mount", "ps",
                                        "service", "shutdown", "ssh",  "top",   "vim"};
  return std::ranges::find(names, name) != std::end(names);
}

void check(const Dockerfile& file, Report& report) {
  for_each_script(file, [&](const Stage&, const Step& step) {
    for (const auto& command : step.script->commands) {
      const auto name = command.name();
      if (!is_pointless(name)) continue;
      report.add(step.script->to_source(command.span), "`" + name + "` has no lasting effect in an image", {"DL3001"});
    }
  });
}

}  // namespace

extern constinit const Rule pointless_command = {
    .id = "pointless-command",
    .aliases = {"DL3001"},
    .category = Category::style,
    .severity = Severity::info,
    .by_default = false,
    .summary = "a command without lasting effect in an image",
    .rationale =
        R"(Processes end with the step that starts them, and there is no screen to look at. Some scripts start a service
to set it up and then stop it; for them the finding is wrong, so the rule is off by default.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
