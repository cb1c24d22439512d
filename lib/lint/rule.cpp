#include "lint/rule.hpp"

#include <algorithm>
#include <vector>

#include "text/utf8.hpp"

namespace dockhew {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::off: return "off";
    case Severity::info: return "info";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
  }
  return "";
}

std::string_view to_string(Applicability applicability) {
  switch (applicability) {
    case Applicability::display_only: return "display-only";
    case Applicability::unsafe: return "unsafe";
    case Applicability::conditional: return "conditional";
    case Applicability::safe: return "safe";
  }
  return "";
}

std::string_view to_string(Category category) {
  switch (category) {
    case Category::correctness: return "correctness";
    case Category::security: return "security";
    case Category::reproducibility: return "reproducibility";
    case Category::size: return "size";
    case Category::speed: return "speed";
  }
  return "";
}

Finding& Report::add(Span span, std::string message) {
  Finding finding;
  finding.rule = &rule_;
  finding.severity = rule_.severity;
  finding.span = span;
  finding.message = std::move(message);
  findings_.push_back(std::move(finding));
  return findings_.back();
}

bool Rule::has_name(std::string_view name) const {
  if (equals_ignoring_case(id, name)) return true;
  return std::ranges::any_of(
      aliases, [&](std::string_view alias) { return !alias.empty() && equals_ignoring_case(alias, name); });
}

const Rule* find_rule(std::string_view name) {
  for (const auto* rule : all_rules())
    if (rule->has_name(name)) return rule;
  return nullptr;
}

std::string_view suggest_rule(std::string_view name) {
  std::string_view best;
  std::size_t least = std::max<std::size_t>(3, name.size() / 3);
  for (const auto* rule : all_rules()) {
    const auto distance = edit_distance(to_lower_ascii(name), rule->id);
    if (distance < least) least = distance, best = rule->id;
  }
  return best;
}

}  // namespace dockhew
