// Fires on comments that silence nothing: their rule ran and reported nothing there, there is no such rule, or they
// were meant to silence something and are written in another form.
#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

// lint_file() itself reports these findings, because only it knows what each comment has silenced.
void check(const Dockerfile&, Report&) {}

}  // namespace

extern constinit const Rule unused_suppression = {
    .id = "unused-suppression",
    .category = Category::style,
    .severity = Severity::info,
    .summary = "a comment silences nothing",
    .rationale =
        R"(An exception that is no longer needed hides the next real finding. Remove the comment, or the one name in it.
A comment in another form, such as `# hadolint ignore DL3008` without the sign, is no exception at all, and
neither is one behind an instruction, which takes it for its own text: it needs a line of its own above.
Names whose rule did not run are not checked, and neither are ShellCheck's codes.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
