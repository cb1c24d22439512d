// Before there were modules, Go kept what it downloaded in GOPATH, where the programs are, and nowhere else.
#pragma once

#include <vector>

#include "model/assumption.hpp"
#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

Outcome<std::vector<Assumption>> go_cache_hazards(const Site& site, const Tool& tool);

}  // namespace dockhew::inline ecosystems
