// What NuGet keeps besides its cache of downloads: the packages themselves, which later commands read.
#pragma once

#include <vector>

#include "ecosystems/cache_behaviour.hpp"
#include "model/assumption.hpp"
#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

Outcome<std::vector<Assumption>> dotnet_cache_hazards(const Site& site, const Tool& tool);
bool dotnet_leaves_cache(const Site& site, const ToolUse& use, const ToolCache& cache);
std::vector<KeptDirectory> dotnet_kept_directories(const Site& site);

}  // namespace dockhew::inline ecosystems
