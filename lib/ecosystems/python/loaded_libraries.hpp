// Shared libraries that the source of a Python program loads by their names: `ctypes.CDLL("libxml2.so.2")`,
// `find_library("magic")`. The full image has many, and its slim form few.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

// On Alpine, `ctypes.util.find_library` finds a library by means of gcc or of binutils: see _findLib_gcc and
// _findLib_ld in Lib/ctypes/util.py.
Obstacle obstacle_of_musl(const Dockerfile& file, const Stage& stage);

// Packages of the system with the libraries that are loaded. Declined where one may be the full image's, and which
// package has it is not known.
Outcome<std::vector<std::string>> find_loaded_libraries(const Dockerfile& file, const Stage& stage);

}  // namespace dockhew::inline ecosystems
