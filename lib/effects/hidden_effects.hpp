// What a script reads and writes besides what its commands do, of which the commands' own words tell nothing: the
// redirection of a whole loop, `[[ -f x ]]`, the list of a `for`, the text of a heredoc.
#pragma once

#include "effects/effects.hpp"

namespace dockhew::inline effects {

// Anything, where there is something of that kind. `script` still has its text.
Effects hidden_effects(const Script& script);

}  // namespace dockhew::inline effects
