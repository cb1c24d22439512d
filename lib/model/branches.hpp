// Which branch of an `if` runs, where its condition compares two words that the file tells.
#pragma once

#include "model/script.hpp"

namespace dockhew::inline model {

// Whether a command stands in a branch that is not taken while the build arguments have their defaults:
// `if [ "$INSTALL_X" = true ]; then apt-get install x; fi` after `ARG INSTALL_X=false`. False where that is not known.
bool is_in_dead_branch(const Script& script, const ShellCommand& command);

}  // namespace dockhew::inline model
