// A hosted runner starts empty for every build. It may fetch the layers of earlier builds, but never what was in their
// cache mounts.
#pragma once

#include <string>

#include "model/build_context.hpp"
#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline caches {

// Of two RUNs that download with a tool, the first may come from a layer of an earlier build: then a mount is empty,
// and the second downloads what the layer would have kept. `store`: later commands read what was downloaded. And builds
// for several platforms, where every build known of is on such a runner, wait for each other at a mount with a lock.
Obstacle hosted_obstacle(const Site& site, const Tool& tool, bool store);

// What is said of such a runner: "`ci.yml:7` fetches layers …, but no mounts".
std::string fetched_layers(const BuildContext& context);

}  // namespace dockhew::inline caches
