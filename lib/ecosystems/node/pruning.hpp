// `npm prune`, and what keeps a project's `node_modules` as the installation has left it.
#pragma once

#include "ecosystems/pruning.hpp"

namespace dockhew::inline ecosystems {

extern const Pruning node_pruning;

}  // namespace dockhew::inline ecosystems
