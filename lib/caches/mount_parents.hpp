// The directories above a mount's target. A builder makes those that are missing, as root, and they stay in the layer
// (seen with BuildKit of Docker 20.10): whoever is not root can then write to the mount, and to nothing beside it. With
// a mount on /home/node/.cache/yarn, Corepack no longer gets its /home/node/.cache/node.
#pragma once

#include <string>

#include "model/site.hpp"

namespace dockhew {

// Why a mount on `target` would take a directory from the user of the step; empty for root, and where the parent is
// known to be there. `target` is absolute and cleaned.
std::string parent_obstacle(const Site& site, const std::string& target);

}  // namespace dockhew
