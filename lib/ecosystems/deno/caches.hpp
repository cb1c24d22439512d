// DENO_DIR is more than a cache of downloads: without a node_modules directory, programs import their modules from it.
#pragma once

#include <vector>

#include "model/assumption.hpp"
#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

Outcome<std::vector<Assumption>> deno_cache_hazards(const Site& site, const Tool& tool);

}  // namespace dockhew::inline ecosystems
