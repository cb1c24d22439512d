// Reads files of user rules, YAML or JSON, which is YAML as well. The format stands in docs/user-rules.md.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lint/user_rules.hpp"

namespace dockhew::cli {

struct UserRules {
  std::vector<std::unique_ptr<UserRule>> rules;
  std::string error;  // for a person, with file, line and column
};

// Read once in a run; the result lives until its end.
const UserRules& user_rules_of(const std::string& path);

}  // namespace dockhew::cli
