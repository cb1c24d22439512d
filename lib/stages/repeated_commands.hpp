// What a RUN that goes to the builder does for the image besides building: directories, links and small files. The
// runtime stage gets a RUN that does the same.
#pragma once

#include <string>
#include <vector>

#include "ecosystems/runtime.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::inline stages {

// As they are written. Declined where one that would be needed cannot be repeated. `step`: a RUN whose script is known.
// What is in `artifacts` comes from the builder, with its owner and mode.
Outcome<std::vector<std::string>> find_repeated_commands(const Facts& facts, const Step& step,
                                                         const std::vector<Artifact>& artifacts);

}  // namespace dockhew::inline stages
