// Where Maven's settings say that its local repository is.
#pragma once

#include <vector>

#include "model/assumption.hpp"
#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

Outcome<std::vector<Assumption>> java_cache_hazards(const Site& site, const Tool& tool);

}  // namespace dockhew::inline ecosystems
