// What Poetry keeps below its cache besides downloads, its virtual environments, and what uv's own settings make of its
// cache.
#pragma once

#include <vector>

#include "ecosystems/cache_behaviour.hpp"
#include "model/assumption.hpp"
#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

std::vector<KeptDirectory> python_kept_directories(const Site& site);

// What makes uv's cache no place for a mount: its own settings.
Outcome<std::vector<Assumption>> python_cache_hazards(const Site& site, const Tool& tool);

}  // namespace dockhew::inline ecosystems
