#include "lint/lint.hpp"

#include <algorithm>
#include <tuple>

#include "lint/suppression.hpp"
#include "syntax/instruction_errors.hpp"

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

extern constinit const Rule instruction_error_rule = {
    .id = "instruction-error",
    .category = Category::correctness,
    .severity = Severity::error,
    .summary = "the builder cannot carry this instruction out",
    .rationale = R"(BuildKit stops at this error and builds nothing: an instruction, a flag or an argument is not one it
knows. The rest of the file is linted all the same.)",
    .fix = std::nullopt,
    .check = nullptr,
};

std::vector<Finding> lint(const Dockerfile& file, std::span<const Rule* const> rules) {
  std::vector<Finding> findings;
  Report syntax(syntax_error_rule, findings);
  for (const auto& error : file.document().errors()) syntax.add(error.span, error.message);
  Report instructions(instruction_error_rule, findings);
  const auto rejected = find_instruction_errors(file.document());
  for (const auto& error : rejected) instructions.add(error.span, error.message);
  if (file.document().errors().empty() && rejected.empty() && file.stages().empty())
    instructions.add({0, 0}, "dockerfile contains no stages to build");
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
