// The settings of BuildKit's checks that a Dockerfile carries: `# check=skip=A,B;error=true` at its top, and
// `# check=skip=A` above an instruction. Facts: frontend/dockerfile/linter/linter.go.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace dockhew::inline lint {

struct CheckOptions {
  bool skip_all = false, experimental_all = false, fail = false;
  std::set<std::string, std::less<>> skip, experimental;  // BuildKit's names for checks
  std::string error;                                      // its wording; the options are then empty

  bool skips(std::string_view check) const { return skip_all || skip.contains(check); }
  bool tries(std::string_view check) const { return experimental_all || experimental.contains(check); }
};

// Parses "skip=all;error=true;experimental=A,B".
CheckOptions parse_check_options(std::string_view text);

// Parses a comment without its '#'; empty options if it says something else.
CheckOptions check_options_of_comment(std::string_view comment);

}  // namespace dockhew::inline lint
