// Packages whose installation downloads a program, mostly a browser, to below the home directory. It is not among the
// packages, and it links to many libraries, of which only the full image is known to have all.
#pragma once

#include <string>

#include "model/dockerfile.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

// One that the project needs when it runs, unless the file or its settings say that nothing is downloaded. `root`: its
// directory in the build context.
Obstacle obstacle_of_programs_elsewhere(const Dockerfile& file, const Stage& stage, const std::string& root);

}  // namespace dockhew::inline ecosystems
