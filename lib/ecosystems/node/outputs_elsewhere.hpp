// Where the configuration of the tools that build a project of Node tells them to write, as far as that is outside the
// project: a stage that takes the project alone would lose it.
#pragma once

#include <string>

#include "model/build_context.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

// `root`: of the project, in the context.
Obstacle output_outside(const BuildContext& context, const std::string& root);

}  // namespace dockhew::inline ecosystems
