// .dockhew.yaml: which rules run for the Dockerfiles below it, and from which severity on `lint` fails. The nearest
// file from the Dockerfile's directory upwards counts, alone; the command line overrides it key by key.
#pragma once

#include <string>
#include <vector>

#include "options.hpp"

namespace dockhew::cli {

struct Settings {
  std::vector<const Rule*> rules;
  bool as_buildkit = false;
  bool selected = false;  // the rules were chosen, here or on the command line
  RuleOptions options;
  Severity fail_on = Severity::warning;
  std::string error;  // with file, line and column: the configuration could not be used
};

// The settings for one Dockerfile ("-" takes those of the working directory).
Settings settings_for(const Options& options, const std::string& dockerfile);

}  // namespace dockhew::cli
