// Stands for what ShellCheck itself calls a matter of style.
#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

// As of `shellcheck`: the findings come from the program.
void check(const Dockerfile&, Report&) {}

}  // namespace

extern constinit const Rule shellcheck_style = {
    .id = "shellcheck-style",
    .aliases = {"SC????"},
    .category = Category::style,
    .severity = Severity::style,
    .by_default = false,
    .summary = "what ShellCheck says of a script's style",
    .rationale = R"(The findings of ShellCheck at its level `style`. The others are those of `shellcheck`.)",
    .fix = Applicability::unsafe,
    .check = check,
};

}  // namespace dockhew::rules
