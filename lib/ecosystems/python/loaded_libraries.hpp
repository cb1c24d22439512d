// Shared libraries that the source of a Python program loads by their names: `ctypes.CDLL("libxml2.so.2")`,
// `find_library("magic")`. The full image has many, and its slim form few.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

// Packages of the system with the libraries that are loaded. Declined where one may be the full image's, and which
// package has it is not known.
Outcome<std::vector<std::string>> find_loaded_libraries(const Dockerfile& file, const Stage& stage);

}  // namespace dockhew::inline ecosystems
