// Which of a project's features a command of Cargo turns on. Features decide which dependencies there are and what is
// compiled of them, so that a layer for other features than the build's has a part of them too few, or otherwise.
#pragma once

#include <string>

#include "model/site.hpp"

namespace dockhew::inline ecosystems {

// See Ecosystem::partly_unused_compilation. Nothing where the manifest shows that the same is turned on.
std::string cargo_partly_unused_compilation(const Site& compiled, const ToolUse& compiling, const Site& built,
                                            const ToolUse& building);

}  // namespace dockhew::inline ecosystems
