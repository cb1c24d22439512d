// Reads files with user rules, in YAML or JSON, which is a subset of YAML. The format is described in
// docs/user-rules.md.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lint/user_rules.hpp"

namespace dockhew::cli {

struct UserRules {
  std::vector<std::unique_ptr<UserRule>> rules;
  std::string error;  // for the user, with file, line and column
};

// Each file is read once, until it is forgotten. Findings point to the rules, so whoever keeps some keeps these.
std::shared_ptr<const UserRules> user_rules_of(const std::string& path);
void forget_user_rules();

}  // namespace dockhew::cli
