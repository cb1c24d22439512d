// What a Rust program reads at run time although the build has made it: files that build.rs writes, and libraries of
// the workspace that the program loads by their names. Nothing in the build context shows them, so a runtime stage
// would lack them.
#pragma once

#include "ecosystems/runtime.hpp"

namespace dockhew::inline ecosystems {

// The first that the source is seen to read.
Obstacle obstacle_of_read_outputs(const Conversion& conversion);

}  // namespace dockhew::inline ecosystems
