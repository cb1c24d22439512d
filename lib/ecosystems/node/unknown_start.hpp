// A container that starts a program by its name alone. Where nothing in the file is seen to install it, it is in the
// full image by a way that is not known, and a runtime stage on the slim one may lack it.
#pragma once

#include "ecosystems/runtime.hpp"

namespace dockhew::inline ecosystems {

// Of the stage's own start command; a path, a shell and what the distribution brings are no obstacles.
Obstacle obstacle_of_unknown_start(const Conversion& conversion);

}  // namespace dockhew::inline ecosystems
