// What Node's tools leave outside of a project, although it belongs to the program: the browser of Puppeteer, a command
// that `npm link` makes. A runtime stage that takes the project alone would lack it.
#pragma once

#include <string>

#include "ecosystems/runtime.hpp"

namespace dockhew::inline ecosystems {

// Why the project's directory is not all that the program needs. `root`: of the project in the context.
Obstacle find_files_outside(const Conversion& conversion, const std::string& root);

}  // namespace dockhew::inline ecosystems
