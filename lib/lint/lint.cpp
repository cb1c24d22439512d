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

namespace {

// hadolint's codes for what is an error of the builder. A message is known by a part of BuildKit's wording.
std::vector<std::string> hadolint_codes(std::string_view message) {
  constexpr std::pair<std::string_view, const char*> codes[] = {
      {"no build stage in current context", "DL3061"},   {"ONBUILD ONBUILD", "DL3043"},
      {"isn't allowed as an ONBUILD trigger", "DL3043"}, {"invalid containerPort", "DL3011"},
      {"circular dependency detected", "DL3023"},        {"cannot copy from stage", "DL3022"},
  };
  for (const auto& [part, code] : codes)
    if (message.find(part) != message.npos) return {code};
  return {};
}

}  // namespace

std::vector<Finding> lint(const Dockerfile& file, std::span<const Rule* const> rules) {
  return lint(file, LintSettings{{rules.begin(), rules.end()}, std::nullopt, {}});
}

std::vector<Finding> lint(const Dockerfile& file, const LintSettings& settings) {
  const auto& rules = settings.rules;
  const auto& check_directive = settings.check_directive;
  std::vector<Finding> findings;
  Report syntax(syntax_error_rule, findings);
  for (const auto& error : file.document().errors()) syntax.add(error.span, error.message, {"DL1000"});
  Report instructions(instruction_error_rule, findings);
  const auto rejected = find_instruction_errors(file.document());
  for (const auto& error : rejected) instructions.add(error.span, error.message, hadolint_codes(error.message));
  if (file.document().errors().empty() && rejected.empty() && file.stages().empty())
    instructions.add({0, 0}, "dockerfile contains no stages to build");
  Report conversion(conversion_error_rule, findings);
  for (const auto& wrong : find_conversion_errors(file)) {
    const auto span = file.instructions()[wrong.instruction].span;
    // One instruction, one complaint: what it says of itself comes first.
    const auto inside = [&](const SyntaxError& error) { return span.contains(error.span); };
    if (std::ranges::none_of(file.document().errors(), inside) && std::ranges::none_of(rejected, inside))
      conversion.add(wrong.error.span, wrong.error.message, hadolint_codes(wrong.error.message));
  }
  if (const auto error = check_settings_error(file, check_directive)) conversion.add(error->span, error->message);
  const auto run = [&](const Rule* rule) {
    Report report(*rule, findings, settings.options);
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
