// Libraries of the system that Rust programs load. The full image of Rust has the headers of many, so nothing in the
// Dockerfile names them, and the distribution's own image has none; Cargo.lock names the crates that link to them.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

// For the programs that a stage builds from the source, as -dev packages, which stand for their libraries. None on an
// image where the file has to install these itself.
std::vector<std::string> linked_libraries(const Dockerfile& file, const Stage& stage);

// Why they are not known although the build context is.
Obstacle linked_libraries_unknown(const Dockerfile& file, const Stage& stage);

}  // namespace dockhew::inline ecosystems
