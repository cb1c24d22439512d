// What Poetry keeps below its cache besides downloads: the virtual environments.
#pragma once

#include <vector>

#include "ecosystems/cache_behaviour.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

std::vector<KeptDirectory> python_kept_directories(const Site& site);

}  // namespace dockhew::inline ecosystems
