// Stands for what ShellCheck says of the scripts in a Dockerfile. Its findings come from the program itself, which the
// command runs when it is installed; lint/shellcheck.hpp brings them to their places.
#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile&, Report&) {}

}  // namespace

extern constinit const Rule shellcheck = {
    .id = "shellcheck",
    .aliases = {"SC????"},
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "what ShellCheck says of a script",
    .rationale =
        R"(When `shellcheck` is installed it reads the scripts of RUN, of heredocs, and of CMD, ENTRYPOINT and HEALTHCHECK
in shell form, each in the dialect of its shell, once for the whole file. Every finding is reported at its place in the
Dockerfile, under ShellCheck's own code, which `--select`, `--ignore` and ignore comments take; its severity is ShellCheck's.
`--shellcheck off` does without. Explanations of the codes are in ShellCheck's wiki.

Which shell runs is said by `SHELL`, or by a comment: `# dockhew shell=bash`. Variables that ARG and ENV set are known.)",
    .fix = Applicability::unsafe,
    .check = check,
};

}  // namespace dockhew::rules
