#include "rule_selection.hpp"

#include <algorithm>

#include "lint/buildkit_checks.hpp"
#include "lint/hadolint.hpp"
#include "text/utf8.hpp"

namespace dockhew::cli {
namespace {

// Names of groups of rules.
std::vector<const Rule*> group_of(const std::string& name) {
  if (name == "all") return {all_rules().begin(), all_rules().end()};
  if (name == "default") return default_rules();
  if (name == "buildkit") return buildkit_rules();
  if (name == "hadolint") return hadolint_rules();
  return {};
}

}  // namespace

std::string check_rule_name(const std::string& name) {
  const bool is_plain = std::ranges::all_of(name, [](char c) { return ' ' < c && c <= '~'; });
  if (is_plain && name.starts_with("user/")) return {};  // which there are depends on the file
  const bool is_name = std::ranges::any_of(all_rules(), [&](const Rule* rule) { return rule->has_name(name); });
  if (is_name || !group_of(name).empty()) return {};
  for (const auto* rule : {&syntax_error_rule, &instruction_error_rule, &conversion_error_rule})
    if (rule->has_name(name)) return {};
  const auto suggestion = suggest_rule(name);
  return "unknown rule `" + name + "`" +
         (suggestion.empty() ? "; `dockhew rules` lists them" : "; did you mean `" + std::string(suggestion) + "`?");
}

Selection select_rules(const std::vector<std::string>* select, const std::vector<std::string>& ignore) {
  Selection selection;
  const auto check = [&](const std::vector<std::string>& names) {
    for (const auto& name : names)
      if (selection.error.empty()) selection.error = check_rule_name(name);
  };
  check(ignore);
  if (select == nullptr) {
    selection.rules = default_rules();
  } else {
    check(*select);
    // Someone who selects DL3008 wants only its findings, not the rest of the rule that has this code.
    std::vector<const Rule*> wanted;
    std::vector<std::string> codes;
    for (const auto& name : *select) {
      const auto group = group_of(name);
      wanted.insert(wanted.end(), group.begin(), group.end());
      for (const auto* rule : all_rules()) {
        if (equals_ignoring_case(rule->id, name)) wanted.push_back(rule);
        else if (rule->has_name(name)) codes.push_back(name);
      }
    }
    if (!codes.empty()) {
      selection.only = codes;
      for (const auto* rule : wanted) selection.only.emplace_back(rule->id);
    }
    for (const auto* rule : all_rules()) {
      const bool has_code = std::ranges::any_of(codes, [&](const std::string& code) { return rule->has_name(code); });
      if (has_code || std::ranges::find(wanted, rule) != wanted.end()) selection.rules.push_back(rule);
    }
    selection.as_buildkit = select->size() == 1 && select->front() == "buildkit";
    selection.as_hadolint = select->size() == 1 && select->front() == "hadolint";
  }
  std::erase_if(selection.rules, [&](const Rule* rule) {
    return std::ranges::any_of(ignore, [&](const std::string& name) {
      const auto group = group_of(name);
      // A rule with one of BuildKit's names is exactly that check; it may have several of hadolint's codes.
      const bool is_code = name.size() > 2 && (equals_ignoring_case(name.substr(0, 2), "DL") ||
                                               equals_ignoring_case(name.substr(0, 2), "SC"));
      return (rule->has_name(name) && !is_code) || std::ranges::find(group, rule) != group.end();
    });
  });
  return selection;
}

}  // namespace dockhew::cli
