// Represents ShellCheck's findings on the scripts in a Dockerfile. They come from the program itself, which the command
// runs if it is installed; lint/shellcheck.hpp maps them to their places.
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
    .summary = "ShellCheck reports a problem in a script",
    .rationale =
        R"(If `shellcheck` is installed, it checks the scripts of RUN, of heredocs, and of CMD, ENTRYPOINT and
HEALTHCHECK in shell form, each in the dialect of its shell, in one run for the whole file. Every finding is reported at
its place in the Dockerfile, with ShellCheck's severity and under its code, which `--select`, `--ignore` and ignore
comments accept. `--shellcheck off` turns it off. ShellCheck's wiki explains the codes.

These are what ShellCheck calls an error or a warning. Its notes, and warnings about names with blanks, which the file
itself would have to choose, belong to the rule `shellcheck-remark`, which is off by default. With `--select hadolint`, the
scripts are checked as hadolint does it, and everything is reported.

The shell is taken from `SHELL`, from a comment, `# dockhew shell=bash`, or from the base image: Alpine's is BusyBox, which
knows `[[ ]]`, `echo -e` and `source`. What `sh` is in an image that is not known, is not known, so nothing is said to be
missing from it. Variables set by ARG and ENV are known. A script with `{{ … }}`, `{% … %}` or `<% … %>` is a
template and is not checked.)",
    .fix = Applicability::unsafe,
    .check = check,
};

}  // namespace dockhew::rules
