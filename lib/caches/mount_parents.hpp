// The directories above a mount's target. A builder creates the missing ones as root, and they stay in the layer (seen
// with the BuildKit of Docker 20.10): any other user can then write to the mount, but not next to it. With a mount on
// /home/node/.cache/yarn, Corepack can no longer create /home/node/.cache/node.
#pragma once

#include <string>

#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline caches {

// Why a mount on `target` would take a directory away from the user of the step; none for root, and where the parent
// is known to exist. `target` is absolute and cleaned.
Obstacle parent_obstacle(const Site& site, const std::string& target);

}  // namespace dockhew::inline caches
