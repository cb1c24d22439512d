// What Conan's cache depends on, and what decides that it must be in the image.
#pragma once

#include <vector>

#include "model/assumption.hpp"
#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

Outcome<std::vector<Assumption>> cpp_cache_hazards(const Site& site, const Tool& tool);

}  // namespace dockhew::inline ecosystems
