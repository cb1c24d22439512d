// Where a project has NuGet keep its packages, and from where they come. The packages may be kept from one build to the
// next only where NuGet has them in the usual place, and where a package of a version is always the same: what a feed
// serves is, what lies in a directory of the project need not be.
#pragma once

#include <string>

#include "model/build_context.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

// What in the files of a build context, which has to be known, speaks against keeping the packages.
Obstacle kept_packages_obstacle(const BuildContext& context);

// The first source of packages in a NuGet.config that is a directory; empty where all are feeds.
std::string local_source_in(const std::string& settings);

}  // namespace dockhew::inline ecosystems
