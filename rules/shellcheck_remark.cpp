// Represents the findings of ShellCheck that are true, but by which a build rarely gains anything.
#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

// As with `shellcheck`, the findings come from the program.
void check(const Dockerfile&, Report&) {}

}  // namespace

extern constinit const Rule shellcheck_remark = {
    .id = "shellcheck-remark",
    .aliases = {"SC????", "shellcheck-style"},
    .category = Category::style,
    .severity = Severity::info,
    .by_default = false,
    .summary = "ShellCheck has a remark about a script",
    .rationale =
        R"(ShellCheck's findings at its levels `info` and `style`, such as SC2086 about a variable without quotes, and
those of its warnings that a build rarely gains by: words that the shell splits (SC2046) and names with blanks (SC2044), where
the names are the file's own; an `export` that hides a status (SC2155). All others belong to the rule `shellcheck`.

To see them, use `--select default,shellcheck-remark`, or the same list under `select` in the configuration. Nothing is
said about a variable whose value is known to be one plain word.)",
    .fix = Applicability::unsafe,
    .check = check,
};

}  // namespace dockhew::rules
