// Installations of packages by their names, which neither read nor write the project they are called in.
#pragma once

#include "model/tool_use.hpp"

namespace dockhew {

// Installs packages by name and into the system, or empties a cache.
bool installs_by_name(const ToolUse& use);

}  // namespace dockhew
