// Which builders are there on this machine, and what they say of themselves. Only their own commands for that are run,
// each within ten seconds, and nothing is built, started or changed.
#pragma once

#include <string>
#include <vector>

#include "builder_features.hpp"

namespace dockhew::cli {

struct FoundBuilder {
  std::string name;     // "docker"
  std::string path;     // of the program; empty where it is not installed
  std::string version;  // of what builds, and of the program where that does not answer; empty when it does not say
  std::string problem;  // why nothing can be built with it here; empty when it can
  std::vector<std::string> notes;
  BuilderProgram form = BuilderProgram::docker;  // as which it builds, and whose version that is
};

// All that are looked for, in their order.
std::vector<FoundBuilder> find_builders();

// What tells `optimize` and `lint` that a file is for it: "--builder buildah"; empty for BuildKit, which needs no
// option.
std::string_view builder_option(BuilderProgram form);

}  // namespace dockhew::cli
