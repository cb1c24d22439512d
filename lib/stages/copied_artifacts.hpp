// What the RUNs of the builder copy or move somewhere: it was in the image, so the runtime stage gets it too.
#pragma once

#include <string>
#include <vector>

#include "ecosystems/runtime.hpp"

namespace dockhew::inline stages {

// `runs`: only those of the builder. What is in one of the artifacts `taken` is left out.
Outcome<std::vector<Artifact>> find_copied_artifacts(const Facts& facts, const Stage& stage,
                                                     const std::vector<const Step*>& runs,
                                                     const std::vector<Artifact>& taken);

}  // namespace dockhew::inline stages
