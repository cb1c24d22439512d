#include "lint/rule.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

#include "text/edit_distance.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline lint {
std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::off: return "off";
    case Severity::style: return "style";
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
    case Category::style: return "style";
  }
  return "";
}

Finding& Report::add(Span span, std::string message, std::vector<std::string> aliases) {
  Finding finding;
  finding.rule = &rule_;
  finding.severity = rule_.severity;
  finding.span = span;
  finding.message = std::move(message);
  finding.aliases = std::move(aliases);
  findings_.push_back(std::move(finding));
  return findings_.back();
}

bool answers_to(const Finding& finding, std::string_view name) {
  if (finding.aliases.empty() || equals_ignoring_case(finding.rule->id, name)) return finding.rule->has_name(name);
  return std::ranges::any_of(finding.aliases,
                             [&](const std::string& alias) { return equals_ignoring_case(alias, name); });
}

Fix joined_fix(Fix first, std::span<const Fix* const> others) {
  const auto add = [](auto& list, const auto& more) { list.insert(list.end(), more.begin(), more.end()); };
  for (const auto* other : others) {
    first.applicability = std::min(first.applicability, other->applicability);
    add(first.edits, other->edits);
    add(first.moves, other->moves);
    for (const auto& assumption : other->assumptions)
      if (std::ranges::find(first.assumptions, assumption.id, &Assumption::id) == first.assumptions.end())
        first.assumptions.push_back(assumption);
  }
  const auto place = [](const TextEdit& edit) { return std::tuple(edit.span.begin, edit.span.end, edit.text); };
  std::ranges::sort(first.edits, {}, place);
  first.edits.erase(std::unique(first.edits.begin(), first.edits.end()), first.edits.end());
  return first;
}

Fix& decline(Fix& fix, std::string reason) {
  Fix declined;
  declined.title = std::move(fix.title);
  declined.declined = std::move(reason);
  return fix = std::move(declined);
}

bool Rule::has_name(std::string_view name) const {
  if (equals_ignoring_case(id, name)) return true;
  return std::ranges::any_of(aliases, [&](std::string_view alias) {
    // SC???? represents all ShellCheck codes: letters, then digits.
    if (alias.ends_with('?'))
      return glob_match(alias, to_upper_ascii(name)) &&
             std::ranges::all_of(name.substr(alias.find('?')), [](char c) { return '0' <= c && c <= '9'; });
    return !alias.empty() && equals_ignoring_case(alias, name);
  });
}

std::vector<const Rule*> default_rules() {
  std::vector<const Rule*> rules;
  for (const auto* rule : all_rules())
    if (rule->by_default) rules.push_back(rule);
  return rules;
}

std::vector<const Rule*> optimizing_rules() {
  std::vector<const Rule*> rules;
  for (const auto* rule : all_rules())
    if (is_optimizing(*rule)) rules.push_back(rule);
  return rules;
}

bool is_optimizing(const Rule& rule) { return rule.optimizes || (rule.stops_build && rule.fix); }

const Rule* find_rule(std::string_view name) {
  for (const auto* rule : all_rules())
    if (rule->has_name(name)) return rule;
  return nullptr;
}

std::string_view suggest_rule(std::string_view name) {
  std::vector<std::string_view> ids;
  std::vector<std::string> small;  // BuildKit's names, `StageNameCasing`; a code is as near to many others
  std::vector<const Rule*> of_small;
  for (const auto* rule : all_rules()) {
    ids.push_back(rule->id);
    for (const auto alias : rule->aliases) {
      if (alias.empty() || alias.find_first_of("0123456789?") != alias.npos) continue;
      small.push_back(to_lower_ascii(alias));
      of_small.push_back(rule);
    }
  }
  const auto most = std::max<std::size_t>(3, name.size() / 3);
  const auto wanted = to_lower_ascii(name);
  if (const auto id = nearest_word(wanted, ids, most); !id.empty()) return id;
  const auto alias = nearest_word(wanted, std::vector<std::string_view>(small.begin(), small.end()), most);
  for (std::size_t i = 0; i < small.size(); ++i)
    if (small[i] == alias) return of_small[i]->id;
  return {};
}

}  // namespace dockhew::inline lint
