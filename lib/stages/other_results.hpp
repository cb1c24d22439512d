// Tools of other languages in a project: their results are in the image, but would not be in a runtime stage that only
// gets the results of the language's own tools.
#pragma once

#include "ecosystems/runtime.hpp"

namespace dockhew::inline stages {

// That the stage has such results. `own`: ids of the tools whose results are copied.
Obstacle find_result_of_other_tool(const Dockerfile& file, const Stage& stage, Words own);

}  // namespace dockhew::inline stages
