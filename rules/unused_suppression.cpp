// Fires on comments that silence nothing: their rule ran and had nothing to say there, or there is no such rule.
#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

// lint() itself reports these findings: only it knows what each comment has silenced.
void check(const Dockerfile&, Report&) {}

}  // namespace

extern constinit const Rule unused_suppression = {
    .id = "unused-suppression",
    .category = Category::style,
    .severity = Severity::info,
    .summary = "a comment silences nothing",
    .rationale =
        R"(An exception that is no longer needed hides the next real finding. The comment goes, or the one name in it. A name
whose rule did not run is not judged, and neither are ShellCheck's codes.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
