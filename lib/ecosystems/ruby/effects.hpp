// Where Bundler puts gems.
#pragma once

#include "effects/effects.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

Effects ruby_effects(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
