// Splits a RUN that installs dependencies and then builds, so that the source can be copied in between.
#pragma once

#include <optional>
#include <string>

#include "model/outcome.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline layers {

struct InstallationSplit {
  std::size_t head = 0;  // how many elements of the chain only need the manifests; all of them if the RUN is not split
  std::string repeated;  // what the rest needs again: `cd web && `, `set -eux; `
};

// `RUN ["npm", "ci"]`: one command, which stays as it is.
bool is_one_command(const Step& run);

// Why the RUN cannot go before the source, whatever its commands read. `directory`: of the project, in the image.
Obstacle obstacle_in_run(const Step& run, const std::string& directory);

// `directory` of the image is where the source goes, and `source` the project's directory in the context, if known.
// `wanted` is the installation.
Outcome<InstallationSplit> split_installation(const Site& site, std::string_view directory,
                                              const std::optional<std::string>& source, const ToolUse& wanted);

}  // namespace dockhew::inline layers
