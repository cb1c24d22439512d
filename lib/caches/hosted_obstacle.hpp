// A hosted runner starts empty for every build. It may fetch the layers of earlier builds, but never what was in their
// cache mounts.
#pragma once

#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline caches {

// Of two RUNs that download with a tool, the first may come from a layer of an earlier build: then a mount is empty,
// and the second downloads what the layer would have kept. `store`: later commands read what was downloaded. And builds
// for several platforms, where every build known of is on such a runner, wait for each other at a mount with a lock.
Obstacle hosted_obstacle(const Site& site, const Tool& tool, bool store);

}  // namespace dockhew::inline caches
