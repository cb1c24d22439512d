// What makes a cache mount wrong for one tool although its place is known: an index that another layer needs, packages
// that are linked into the cache, a linker that is not known. Facts: the documentation of each tool.
#pragma once

#include <string>
#include <vector>

#include "model/assumption.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew {

struct CacheHazards {
  std::string declined;                 // why there must be no mount; empty when there may
  std::vector<Assumption> assumptions;  // under which there may
};

// For all uses of one tool in one RUN.
CacheHazards find_cache_hazards(const Site& site, const Tool& tool);

}  // namespace dockhew
