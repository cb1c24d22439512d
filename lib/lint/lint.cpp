#include "lint/lint.hpp"

#include <algorithm>
#include <tuple>

#include "analysis/conversion_errors.hpp"
#include "lint/buildkit_checks.hpp"
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

extern constinit const Rule conversion_error_rule = {
    .id = "conversion-error",
    .category = Category::correctness,
    .severity = Severity::error,
    .summary = "the builder rejects a value of this instruction",
    .rationale =
        R"(BuildKit reads the instruction and stops when it carries it out: an option of a mount, a port, a signal,
the name of an image or of a stage is not one. The rest of the file is linted all the same.)",
    .fix = std::nullopt,
    .check = nullptr,
};

std::vector<Finding> lint(const Dockerfile& file, std::span<const Rule* const> rules,
                          const std::optional<std::string>& check_directive) {
  std::vector<Finding> findings;
  Report syntax(syntax_error_rule, findings);
  for (const auto& error : file.document().errors()) syntax.add(error.span, error.message);
  Report instructions(instruction_error_rule, findings);
  const auto rejected = find_instruction_errors(file.document());
  for (const auto& error : rejected) instructions.add(error.span, error.message);
  if (file.document().errors().empty() && rejected.empty() && file.stages().empty())
    instructions.add({0, 0}, "dockerfile contains no stages to build");
  Report conversion(conversion_error_rule, findings);
  for (const auto& wrong : find_conversion_errors(file)) {
    const auto span = file.instructions()[wrong.instruction].span;
    // One instruction, one complaint: what it says of itself comes first.
    const auto inside = [&](const SyntaxError& error) { return span.contains(error.span); };
    if (std::ranges::none_of(file.document().errors(), inside) && std::ranges::none_of(rejected, inside))
      conversion.add(wrong.error.span, wrong.error.message);
  }
  if (const auto error = check_settings_error(file, check_directive)) conversion.add(error->span, error->message);
  const auto run = [&](const Rule* rule) {
    Report report(*rule, findings);
    rule->check(file, report);
  };
  for (const auto* rule : rules) run(rule);
  for (const auto* rule : experimental_rules(file, check_directive))
    if (std::ranges::find(rules, rule) == rules.end()) run(rule);
  remove_suppressed(file, findings);
  apply_check_settings(file, check_directive, findings);
  std::ranges::stable_sort(findings, {},
                           [](const Finding& finding) { return std::tuple(finding.span.begin, finding.rule->id); });
  return findings;
}

}  // namespace dockhew
