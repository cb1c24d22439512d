// Where the go command writes what it builds and installs.
#pragma once

#include "effects/effects.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

Effects go_effects(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
