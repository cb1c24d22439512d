// Where the go command writes what it builds and installs.
#pragma once

#include "effects/effects.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

Effects go_effects(const Site& site, const ToolUse& use);

// See Ecosystem::links_c_library: with cgo, which is on where a compiler is there, `net` and `os/user` call the C
// library.
bool go_links_c_library(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
