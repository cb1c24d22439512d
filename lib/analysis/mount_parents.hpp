// The directories above a mount's target. A builder makes those that are missing, as root, and they stay in the layer
// (seen with BuildKit of Docker 20.10): whoever is not root can then write to the mount, and to nothing beside it. With
// a mount on /home/node/.cache/yarn, Corepack no longer gets its /home/node/.cache/node.
#pragma once

#include <string>

#include "model/dockerfile.hpp"

namespace dockhew {

// The parent of a target that would be made for it, where the user of the step is not root; empty when it is known to
// be there. `target` is absolute and cleaned.
std::string parent_made_by_root(const Dockerfile& file, const Stage& stage, const Step& step,
                                const std::string& target);

}  // namespace dockhew
