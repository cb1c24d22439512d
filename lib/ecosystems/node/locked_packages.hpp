// The packages that a Node project needs when it runs, with all that these need, as a lock file has them. A program of
// the system that one of them starts is needed however deep in the tree the package is.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "model/build_context.hpp"

namespace dockhew::inline ecosystems {

// Names, from the lock file of npm, Yarn or pnpm in a directory of the context. Without those that only development
// needs, as far as the lock file and `manifests`, the paths of package.json, say. Empty without a lock file.
std::set<std::string> find_locked_packages(const BuildContext& context, const std::string& directory,
                                           const std::vector<std::string>& manifests);

}  // namespace dockhew::inline ecosystems
