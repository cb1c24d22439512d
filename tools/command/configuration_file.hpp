// The configuration files: our own `.dockhew.yaml` and hadolint's. Both become the same values; a file that cannot be
// used results in a message with its place. Our format is described in docs/configuration.md and, for editors, in
// docs/dockhew.schema.json.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lint/rule.hpp"
#include "options.hpp"

namespace dockhew::cli {

// Settings for the files that a glob matches, on top of those of the whole configuration.
struct Override {
  std::vector<std::string> files;  // globs, relative to the configuration's directory
  std::vector<std::string> ignore;
  std::map<std::string, Severity> severities;
};

struct Configuration {
  std::optional<std::vector<std::string>> select;
  std::vector<std::string> ignore;
  std::map<std::string, Severity> severities;
  std::optional<Severity> fail_on;  // off: never
  std::optional<Shellcheck> shellcheck;
  RuleOptions options;
  bool takes_unsafe = false;         // `optimize --write` takes unsafe changes as well
  std::vector<std::string> rules;    // files with user rules, relative to the configuration's directory
  std::vector<std::string> exclude;  // globs, relative to the configuration's directory
  bool comments = true;              // ignore comments count
  std::vector<Override> overrides;
  std::vector<std::string> formats;  // hadolint's
  bool no_colour = false;            // hadolint's
  std::string error;                 // for the user, with file, line and column
};

// The keys of `.dockhew.yaml`, sorted.
const std::vector<std::string>& configuration_keys();

Configuration read_configuration(const std::string& path);

// hadolint's file, as hadolint 2.15 interprets it: the findings of its own rules, with its severities and its
// threshold. Settings that only concern its output are left out.
Configuration read_hadolint_configuration(const std::string& path);

// The text of an equivalent `.dockhew.yaml`. `origin`: the name of the file it came from.
std::string write_configuration(const Configuration& configuration, const std::string& origin);

}  // namespace dockhew::cli
