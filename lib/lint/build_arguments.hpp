// A build argument has its default until somebody passes another value. A fix that writes the default where the file
// has the argument is wrong for whoever does.
#pragma once

#include <span>

#include "lint/finding.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::inline lint {

// Declines the fixes that would write the default of an argument into a path: `COPY a/package.json ./` of
// `COPY ${SERVICE} .`.
void hold_for_other_arguments(const Dockerfile& file, std::span<Finding> findings);

}  // namespace dockhew::inline lint
