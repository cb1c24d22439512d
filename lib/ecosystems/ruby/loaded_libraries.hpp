// Shared libraries that the source of a Ruby program loads by name, with FFI or Fiddle.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

// The packages with them. Declined where one is not known; empty where there is no build context.
Outcome<std::vector<std::string>> find_dlopened_libraries(const Dockerfile& file, const Stage& stage);

}  // namespace dockhew::inline ecosystems
