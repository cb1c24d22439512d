// Where Cargo writes: its target directory, what it copies out of that, and where it installs programs to.
#pragma once

#include <string>
#include <vector>

#include "effects/effects.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

// The target directory is the first of the paths that are written, where it is known.
Effects cargo_effects(const Site& site, const ToolUse& use);

// The recipe of cargo-chef, which lists manifests and the names of targets.
std::vector<std::string> cargo_recipe(const ToolUse& use);

// See Ecosystem::links_c_library: programs for the machine's own target do, unless `crt-static` is asked for.
bool cargo_links_c_library(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
