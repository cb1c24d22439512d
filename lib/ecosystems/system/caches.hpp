// What the caches of apk and Zypper hold that outlives a layer badly: indexes.
#pragma once

#include <vector>

#include "model/assumption.hpp"
#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

Outcome<std::vector<Assumption>> system_cache_hazards(const Site& site, const Tool& tool);

}  // namespace dockhew::inline ecosystems
