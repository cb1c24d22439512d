// Whether a file that is there has gone when a RUN is over: removed, or moved to another place.
#pragma once

#include <string_view>

#include "model/dockerfile.hpp"

namespace dockhew::inline effects {

enum class Removal { no, perhaps, yes };

// By one command of a script. What a tool of the tables, or a build, removes is its own. `path` has no wildcards.
Removal removal_by(const Facts& facts, const Script& script, const ShellCommand& command, std::string_view path);

// By all that a step runs.
Removal removal_by(const Facts& facts, const Step& step, std::string_view path);

}  // namespace dockhew::inline effects
