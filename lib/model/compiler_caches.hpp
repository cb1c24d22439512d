// Compiler caches that a script's build uses. The build is told about them by variables, or by CMake options in any of
// its commands; the commands that compile do not name them.
#pragma once

#include "model/script.hpp"

namespace dockhew::inline model {

// Fills `script.launchers` with "ccache" and "sccache". `lookup` returns the variables of the build as the script sees
// them.
void find_launchers(Script& script, const ValueLookup& lookup);

}  // namespace dockhew::inline model
