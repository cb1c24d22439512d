// Where packages of a distribution put their files.
#pragma once

#include "effects/effects.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

Effects system_effects(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
