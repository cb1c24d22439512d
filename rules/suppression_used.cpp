// Fires on comments that silence findings, for projects that do not want any.
#include <string_view>

#include "lint/rule.hpp"
#include "lint/suppression.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for (const auto& suppression : find_suppressions(file))
    if (suppression.reach == Suppression::Reach::next)
      report.add(suppression.comment, "this comment silences findings", {"DL1001"});
}

}  // namespace

extern constinit const Rule suppression_used = {
    .id = "suppression-used",
    .aliases = {"DL1001"},
    .category = Category::style,
    .severity = Severity::info,
    .by_default = false,
    .summary = "a comment silences findings",
    .rationale =
        R"(Some projects want every exception in their configuration, where it is reviewed, and none in the files.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
