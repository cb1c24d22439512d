#include "lint/lint.hpp"

#include <algorithm>
#include <tuple>

#include "lint/suppression.hpp"

namespace dockhew {

extern constinit const Rule syntax_error_rule = {
    .id = "syntax-error",
    .aliases = {"DL1000"},
    .category = Category::correctness,
    .severity = Severity::error,
    .summary = "the builder rejects this line",
    .rationale = R"(BuildKit stops at this error and builds nothing. The rest of the file is linted all the same.)",
    .fix = std::nullopt,
    .check = nullptr,
};

std::vector<Finding> lint(const Dockerfile& file, std::span<const Rule* const> rules) {
  std::vector<Finding> findings;
  Report errors(syntax_error_rule, findings);
  for (const auto& error : file.document().errors()) errors.add(error.span, error.message);
  if (file.document().errors().empty() && file.stages().empty())
    errors.add({0, 0}, "dockerfile contains no stages to build");
  for (const auto* rule : rules) {
    Report report(*rule, findings);
    rule->check(file, report);
  }
  remove_suppressed(file, findings);
  std::ranges::stable_sort(findings, {},
                           [](const Finding& finding) { return std::tuple(finding.span.begin, finding.rule->id); });
  return findings;
}

}  // namespace dockhew
