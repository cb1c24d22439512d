// A base image that the tables do not know is taken for one that runs as root. Where the file says otherwise, nobody
// knows where the caches of its user are.
#pragma once

#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline caches {

// Every COPY of a stage gives what it copies to a user whom the file neither makes nor names otherwise: it is the one
// that the base image runs as.
Obstacle user_obstacle(const Site& site, const Tool& tool);

}  // namespace dockhew::inline caches
