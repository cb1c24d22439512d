// Represents the findings that ShellCheck itself calls a matter of style.
#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

// As with `shellcheck`, the findings come from the program.
void check(const Dockerfile&, Report&) {}

}  // namespace

extern constinit const Rule shellcheck_style = {
    .id = "shellcheck-style",
    .aliases = {"SC????"},
    .category = Category::style,
    .severity = Severity::style,
    .by_default = false,
    .summary = "ShellCheck criticizes the style of a script",
    .rationale = R"(ShellCheck's findings at its level `style`. All others belong to the rule `shellcheck`.)",
    .fix = Applicability::unsafe,
    .check = check,
};

}  // namespace dockhew::rules
