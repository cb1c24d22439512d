// Tools of other languages in a project: what they make is in the image, and would not be in a runtime stage that takes
// what the language's own tools make.
#pragma once

#include <functional>
#include <string>

#include "model/dockerfile.hpp"
#include "model/tool_use.hpp"

namespace dockhew {

// Why the stage has such results; empty when it has none. `is_own`: the tools whose results are taken along. Of
// Python's others, those count as own that install into the interpreter's packages: `uv pip install --system`.
std::string find_result_of_other_tool(const Dockerfile& file, const Stage& stage,
                                      const std::function<bool(const Tool&)>& is_own);

}  // namespace dockhew
