// Tools of other languages in a project: what they make is in the image, and would not be in a runtime stage that takes
// what the language's own tools make.
#pragma once

#include "ecosystems/runtime.hpp"

namespace dockhew {

// That the stage has such results. `own`: ids of the tools whose results are taken along.
Obstacle find_result_of_other_tool(const Dockerfile& file, const Stage& stage, Words own);

}  // namespace dockhew
