// What the caches of Yarn and pnpm hold besides downloads, and what Node's browser tools put next to them.
#pragma once

#include <vector>

#include "ecosystems/cache_behaviour.hpp"
#include "model/assumption.hpp"
#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

Outcome<std::vector<Assumption>> node_cache_hazards(const Site& site, const Tool& tool);

// The browsers and programs that installers put below ~/.cache, of Python's Playwright as well.
std::vector<KeptDirectory> node_kept_directories(const Site& site);

}  // namespace dockhew::inline ecosystems
