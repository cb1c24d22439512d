// A store is a cache that later commands read: what is downloaded there is installed nowhere else. In a mount it serves
// only those that have the mount too, and it may be empty.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/assumption.hpp"
#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline caches {

// Why a tool's store may not be in a mount: every command that could read it must be known, gets the mount too, and
// works when it is empty.
Obstacle store_obstacle(const Site& site, const Tool& tool, const std::vector<std::string>& directories);

// Why no cache of the tool may be in a mount, store or not: the container takes what it needs from there.
Obstacle container_obstacle(const Site& site, const Tool& tool);

// What must be true of a start script that cannot be read, for a store without an obstacle; empty without such a
// script.
std::optional<Assumption> store_assumption(const Site& site, const Tool& tool);

// Whether a RUN may run the tool without its name being seen there, and so fill its store.
bool may_fill_store(const Site& site, const Tool& tool);

// Whether an earlier COPY brings a directory, or something below it.
bool is_copied_below(const Site& site, const std::string& directory);

}  // namespace dockhew::inline caches
