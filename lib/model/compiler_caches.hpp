// Compiler caches that a script's build goes through. The build is told of them by variables, or by CMake's options,
// which may be given in any of its commands; the commands that compile do not name them.
#pragma once

#include "model/script.hpp"

namespace dockhew {

// Fills `script.launchers` with "ccache" and "sccache". `lookup` gives the variables of the build as the script sees
// them.
void find_launchers(Script& script, const ValueLookup& lookup);

}  // namespace dockhew
