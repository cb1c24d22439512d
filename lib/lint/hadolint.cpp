#include "lint/hadolint.hpp"

#include <algorithm>
#include <string>

namespace dockhew::inline lint {
namespace {

bool is_code(std::string_view name) { return name.starts_with("DL") || name.starts_with("SC"); }

// hadolint 2.15: the severity each rule has in its source. What it reports only on request, DL1001 and DL3057, is info
// here.
struct CodeSeverity {
  std::string_view code;
  Severity severity;
};
constexpr CodeSeverity severities[] = {
    {"DL1000", Severity::error},   {"DL1001", Severity::info},    {"DL3000", Severity::error},
    {"DL3001", Severity::info},    {"DL3002", Severity::warning}, {"DL3003", Severity::warning},
    {"DL3004", Severity::error},   {"DL3006", Severity::warning}, {"DL3007", Severity::warning},
    {"DL3008", Severity::warning}, {"DL3009", Severity::info},    {"DL3010", Severity::info},
    {"DL3011", Severity::error},   {"DL3012", Severity::error},   {"DL3013", Severity::warning},
    {"DL3014", Severity::warning}, {"DL3015", Severity::info},    {"DL3016", Severity::warning},
    {"DL3018", Severity::warning}, {"DL3019", Severity::info},    {"DL3020", Severity::error},
    {"DL3021", Severity::error},   {"DL3022", Severity::warning}, {"DL3023", Severity::error},
    {"DL3024", Severity::error},   {"DL3025", Severity::warning}, {"DL3026", Severity::error},
    {"DL3027", Severity::warning}, {"DL3028", Severity::warning}, {"DL3029", Severity::warning},
    {"DL3030", Severity::warning}, {"DL3032", Severity::warning}, {"DL3033", Severity::warning},
    {"DL3034", Severity::warning}, {"DL3035", Severity::warning}, {"DL3036", Severity::warning},
    {"DL3037", Severity::warning}, {"DL3038", Severity::warning}, {"DL3040", Severity::warning},
    {"DL3041", Severity::warning}, {"DL3042", Severity::warning}, {"DL3043", Severity::error},
    {"DL3044", Severity::error},   {"DL3045", Severity::warning}, {"DL3046", Severity::warning},
    {"DL3047", Severity::info},    {"DL3048", Severity::style},   {"DL3049", Severity::info},
    {"DL3050", Severity::info},    {"DL3051", Severity::warning}, {"DL3052", Severity::warning},
    {"DL3053", Severity::warning}, {"DL3054", Severity::warning}, {"DL3055", Severity::warning},
    {"DL3056", Severity::warning}, {"DL3057", Severity::info},    {"DL3058", Severity::warning},
    {"DL3059", Severity::info},    {"DL3060", Severity::info},    {"DL3061", Severity::error},
    {"DL3062", Severity::warning}, {"DL3063", Severity::warning}, {"DL3064", Severity::warning},
    {"DL3065", Severity::warning}, {"DL3066", Severity::info},    {"DL3067", Severity::warning},
    {"DL4000", Severity::error},   {"DL4001", Severity::warning}, {"DL4003", Severity::warning},
    {"DL4004", Severity::error},   {"DL4005", Severity::warning}, {"DL4006", Severity::warning},
};

}  // namespace

std::string_view hadolint_code(const Finding& finding) {
  for (const auto& alias : finding.aliases)
    if (is_code(alias)) return alias;
  return {};
}

std::vector<const Rule*> hadolint_rules() {
  std::vector<const Rule*> rules;
  for (const auto* rule : all_rules())
    if (std::ranges::any_of(rule->aliases, is_code)) rules.push_back(rule);
  return rules;
}

std::vector<Finding> lint_as_hadolint(const Dockerfile& file, const LintSettings& settings) {
  auto with_severities = settings;
  for (const auto& [code, severity] : severities) with_severities.severities.emplace(code, severity);
  auto findings = lint_file(file, with_severities);
  std::erase_if(findings, [](const Finding& finding) { return hadolint_code(finding).empty(); });
  return findings;
}

}  // namespace dockhew::inline lint
