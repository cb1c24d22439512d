// Runs rules over a Dockerfile. Syntax errors come out as findings of the rule `syntax-error`, so a file that is half
// wrong is still linted in its other half.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lint/finding.hpp"
#include "lint/rule.hpp"

namespace dockhew {

// What the builder rejects: lines that it cannot read, and instructions that it cannot carry out. Not in the catalogue:
// they cannot be switched off.
extern const Rule syntax_error_rule;
extern const Rule instruction_error_rule;
extern const Rule conversion_error_rule;

struct LintSettings {
  std::vector<const Rule*> rules = {};
  std::optional<std::string> check_directive = {};  // replaces the file's `# check=` directive
  RuleOptions options = {};
  std::vector<Finding> found = {};                  // by other programs; they are treated like all others
  bool comments = true;                             // ignore comments count
  std::vector<std::string> only = {};               // if any: only findings that answer to one of these names
  std::vector<std::string> ignore = {};             // no findings that answer to one of these
  std::map<std::string, Severity> severities = {};  // by a rule's id, or by an alias, which counts first
};

// Findings sorted by place, then by rule; those that a comment suppresses are gone. A fix that failed its assumptions
// has no edits and says why in `declined`.
std::vector<Finding> lint(const Dockerfile& file, const LintSettings& settings);
std::vector<Finding> lint(const Dockerfile& file, std::span<const Rule* const> rules);

}  // namespace dockhew
