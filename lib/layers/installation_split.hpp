// Divides a RUN that installs dependencies and then builds, so that the source can come between the two.
#pragma once

#include <optional>
#include <string>

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew {

struct InstallationSplit {
  std::size_t head = 0;  // how many elements of the chain only need the manifests; all of them when nothing is divided
  std::string repeated;  // what the rest needs again: `cd web && `, `set -eux; `
  std::string declined;  // why it cannot be divided
};

// `directory` of the image is where the source goes, and `source` the directory of the context that the project has, if
// that can be said. `wanted` is the installation.
InstallationSplit split_installation(const Site& site, std::string_view directory,
                                     const std::optional<std::string>& source, const ToolUse& wanted);

}  // namespace dockhew
