// Tools of other languages in a project: their results are in the image, but would not be in a runtime stage that only
// gets the results of the language's own tools.
#pragma once

#include "ecosystems/runtime.hpp"

namespace dockhew::inline stages {

// That the stage has such results. `project`: the directory that is taken from the builder with all that is in it; not
// known where it is not.
Obstacle find_result_of_other_tool(const Dockerfile& file, const Stage& stage, const Runtime& runtime,
                                   const Value& project);

}  // namespace dockhew::inline stages
