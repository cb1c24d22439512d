// Before there were modules, Go compiled what GOPATH held and kept nothing that a cache mount could keep.
#pragma once

#include <vector>

#include "model/assumption.hpp"
#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

Outcome<std::vector<Assumption>> go_cache_hazards(const Site& site, const Tool& tool);

}  // namespace dockhew::inline ecosystems
