// Whether the files that a container starts with are in the runtime stage.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ecosystems/runtime.hpp"

namespace dockhew::inline stages {

// A shell script that somebody else than the image starts, and that the runtime stage does not get: `./seed.sh` of a
// Compose service.
std::optional<std::string> find_missing_script(const Stage& stage, const std::vector<ContainerStart>& others,
                                               const std::vector<Artifact>& artifacts,
                                               const std::vector<const Step*>& runtime_steps);

// A path in the container's start commands, its own and `others`, that is neither in `artifacts`, nor in a directory of
// the base image, nor named by one of `runtime_steps`. Relative paths count where they end with one of
// `script_endings`.
std::optional<std::string> find_missing_start_file(const Stage& stage, const std::vector<ContainerStart>& others,
                                                   Words script_endings, const std::vector<Artifact>& artifacts,
                                                   const std::vector<const Step*>& runtime_steps);

}  // namespace dockhew::inline stages
