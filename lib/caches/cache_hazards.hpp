// What makes a cache mount wrong for a tool although the cache's place is known: an index that another layer needs,
// packages that are linked into the cache, a linker that is not known. What concerns only one tool is said by its
// ecosystem.
#pragma once

#include <vector>

#include "model/assumption.hpp"
#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline caches {

// For all uses of one tool in one RUN: what a mount relies on, or why there must be none.
Outcome<std::vector<Assumption>> find_cache_hazards(const Site& site, const Tool& tool);

}  // namespace dockhew::inline caches
