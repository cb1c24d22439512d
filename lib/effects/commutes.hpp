// Whether two commands or steps may change places: the one answer to "may this move past that?".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "effects/effects.hpp"
#include "model/dockerfile.hpp"
#include "model/site.hpp"

namespace dockhew::inline effects {

// True when neither writes, changes or removes what the other reads or writes, and neither changes the shell of the
// other. A home directory that is not known is taken to lie apart from every other path.
bool commutes(const Effects& one, const Effects& other);

// Of a COPY or ADD: it writes its destination. Only the files there that it names, where the destination is there at
// `beside`, a step of the stage, without the COPY. Anything, where the destination is not known.
Effects copy_effects(const Site& beside, const Copy& copy);

// Whether two COPYs or ADDs write other files, and may change places: `COPY src .` and `COPY requirements.txt .`, where
// `src` of the build context has no such file. `COPY settings.prod.py settings.py` after `COPY src .` is there to
// replace what some checkouts have. What a command may find is another matter: it is asked with copy_effects.
bool copies_apart(const Site& beside, const Copy& one, const Copy& other);

// Of paths without wildcards those that `effects` neither writes, changes, removes nor reads, nor anything below or
// above them: whatever is done to them commutes with it.
std::vector<std::string> left_alone(const Effects& effects, std::vector<std::string> paths);

// What is done to a directory by a COPY into it.
Effects writes_below(std::string_view directory);

}  // namespace dockhew::inline effects
