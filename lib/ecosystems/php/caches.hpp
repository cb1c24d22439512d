// Where Composer keeps what it installs for all projects, which the directory of its cache may move.
#pragma once

#include <vector>

#include "model/assumption.hpp"
#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

Outcome<std::vector<Assumption>> php_cache_hazards(const Site& site, const Tool& tool);

}  // namespace dockhew::inline ecosystems
