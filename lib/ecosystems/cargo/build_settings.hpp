// What decides where Cargo puts what it compiles, and whether another build takes it from there: the profile, the
// target, the directory and the compiler's flags. https://doc.rust-lang.org/cargo/guide/build-cache.html
#pragma once

#include <string>

#include "model/site.hpp"

namespace dockhew::inline ecosystems {

// See Ecosystem::unused_compilation.
std::string cargo_unused_compilation(const Site& compiled, const ToolUse& compiling, const Site& built,
                                     const ToolUse& building);

// See Ecosystem::compiles_nothing.
std::string cargo_compiles_nothing(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
