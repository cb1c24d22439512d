// Rules that a project defines itself: patterns of commands, images and instructions with a message. They are simple on
// purpose; anything more belongs in the catalogue. The format is described in docs/user-rules.md.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lint/rule.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::inline lint {

// A project's definition of one rule. Exactly one of the three patterns is set.
struct UserRuleText {
  std::string id;  // without "user/"
  std::string message;
  std::string why;
  Severity severity = Severity::warning;
  std::string command;      // "curl ... | sh": words, globs, `...` for any words, `$X` for one
  std::string image;        // a glob over references as they are written
  std::string keyword;      // an instruction
  std::string argument;     // of the instruction: a glob over one argument
  std::string flag;         // of the instruction: "chmod", "chmod=777"
  std::string replacement;  // for a command: its replacement, with its `$X` and `...`
  Applicability applicability = Applicability::unsafe;
};

class UserRule {
 public:
  const Rule& rule() const { return rule_; }

 private:
  friend struct UserRuleResult make_user_rule(UserRuleText text);
  friend std::vector<Finding> find_user_rules(const Dockerfile&, const std::vector<std::unique_ptr<UserRule>>&);
  UserRuleText text_;
  std::string id_;
  Rule rule_;
  Script command_;
  std::optional<Keyword> keyword_;
};

struct UserRuleResult {
  std::unique_ptr<UserRule> rule;  // nothing when the text is wrong
  std::string error;               // for a person
};
UserRuleResult make_user_rule(UserRuleText text);

// The rules must outlive the findings.
std::vector<Finding> find_user_rules(const Dockerfile& file, const std::vector<std::unique_ptr<UserRule>>& rules);

}  // namespace dockhew::inline lint
