// Runs rules over a Dockerfile. Syntax errors come out as findings of the rule `syntax-error`, so the rest of a broken
// file is still linted.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lint/finding.hpp"
#include "lint/rule.hpp"

namespace dockhew::inline lint {

// What the builder rejects: lines that it cannot read, and instructions that it cannot execute. They are not in the
// catalogue and cannot be switched off.
extern const Rule syntax_error_rule;
extern const Rule instruction_error_rule;
extern const Rule conversion_error_rule;
// One of these: the file does not build. Then no fix of anything else is offered.
bool is_rejection(const Finding& finding);

struct LintSettings {
  std::vector<const Rule*> rules = {};
  std::optional<std::string> check_directive = {};  // replaces the file's `# check=` directive
  RuleOptions options = {};
  std::vector<Finding> found = {};                  // from other programs; treated like all others
  bool comments = true;                             // ignore comments count
  std::vector<std::string> only = {};               // if not empty: only findings that answer to one of these names
  std::vector<std::string> ignore = {};             // findings that answer to one of these are dropped
  bool with_off = false;                            // also findings that no severity is asked for, as `off`
  std::map<std::string, Severity> severities = {};  // by a rule's id, or by an alias, which takes precedence
};

// Drops what nobody asked for, and gives each finding the severity that was asked for it. Selecting and ignoring by a
// code affects single findings of a rule that has several codes.
void apply_names(const LintSettings& settings, std::vector<Finding>& findings);

// Findings sorted by place, then by rule, without those that a comment suppresses. A fix whose assumptions do not hold
// has no edits and says why in `declined`.
std::vector<Finding> lint_file(const Dockerfile& file, const LintSettings& settings);
std::vector<Finding> lint_file(const Dockerfile& file, std::span<const Rule* const> rules);

}  // namespace dockhew::inline lint
