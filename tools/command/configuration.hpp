// Which settings apply to one Dockerfile. The first of these that sets a value wins: the command line, the environment
// (DOCKHEW_SELECT, DOCKHEW_IGNORE, DOCKHEW_FAIL_ON, DOCKHEW_SHELLCHECK, DOCKHEW_CONFIG), the nearest configuration from
// the Dockerfile's directory upwards, the defaults.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "configuration_file.hpp"
#include "lint/lint.hpp"
#include "options.hpp"
#include "user_rules_file.hpp"

namespace dockhew::cli {

struct Settings {
  LintSettings lint;
  bool as_buildkit = false;
  bool as_hadolint = false;
  // Whose fixes `optimize` makes: those that optimize, or what the command line selects. `select` in a configuration
  // only affects lint.
  std::vector<const Rule*> optimizing;
  Applicability least = Applicability::unsafe;  // of its changes: what is shown, or written
  bool takes_unsafe = false;                    // the configuration has all of them written
  std::vector<std::shared_ptr<const UserRules>> user_rules;  // that `lint` points to
  Severity fail_on = Severity::warning;
  Shellcheck shellcheck = Shellcheck::automatic;
  std::string error;  // with file, line and column: the configuration could not be used
};

Settings settings_for(const Options& options, const std::string& dockerfile);
// Files are read once for all Dockerfiles. From now on they are read again.
void forget_configurations();

// Whether --exclude or the configuration leaves out this file, which was found in a directory and not named.
bool is_excluded(const Options& options, const std::string& path);

// The configuration that applies to a directory: our own, else hadolint's; empty when there is none.
struct FoundConfiguration {
  std::string path;
  bool hadolint = false;
};
FoundConfiguration find_configuration(const std::string& directory);

}  // namespace dockhew::cli
