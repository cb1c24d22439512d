// A store is a cache that later commands read: what is downloaded there is installed nowhere else. In a mount it serves
// only those that have the mount too, and it may be empty.
#pragma once

#include <string>
#include <vector>

#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline caches {

// Why a tool's store may not be in a mount: every command that could read it must be known, gets the mount too, and
// works when it is empty.
Obstacle store_obstacle(const Site& site, const Tool& tool, const std::vector<std::string>& directories);

}  // namespace dockhew::inline caches
