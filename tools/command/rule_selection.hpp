// Which rules are meant by names: ids, hadolint's and BuildKit's names, and groups. The command line, the environment
// and configurations all name rules in this way.
#pragma once

#include <string>
#include <vector>

#include "lint/rule.hpp"

namespace dockhew::cli {

struct Selection {
  std::vector<const Rule*> rules;  // sorted as the catalogue
  std::vector<std::string> only;   // if not empty, only findings that answer to one of these are kept
  bool as_buildkit = false;        // `buildkit` alone: answer as `docker build --check` does
  bool as_hadolint = false;        // `hadolint` alone: its codes, with its severities
  std::string error;
};
// The rules that names select; without `select` those that run by default.
Selection select_rules(const std::vector<std::string>* select, const std::vector<std::string>& ignore);

// Why this is not an id, alias or group of rules, with a suggestion; empty when it is one. ShellCheck codes count as
// names.
std::string check_rule_name(const std::string& name);

}  // namespace dockhew::cli
