// A RUN behind the COPY of the source that only prepares files of it, as `chmod +x entrypoint.sh` does, does not hold
// the source before an installation: it follows the COPY wherever that goes. So does a build, where packages are
// installed by name that it did without.
#pragma once

#include <string>
#include <vector>

#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline layers {

// Whether the RUN does nothing but change single files of the source, or make directories in it, that an installation
// in `project`, a directory of the image, neither reads nor writes. `copy` brings the source.
bool follows_source(const Site& run, const Copy& copy, const std::string& project);

// `RUN sed -i … ci/settings.xml` among the steps that follow the source: it would only come after the installation that
// is told to read the file. `manifests`: what this reads, in the context.
Obstacle change_by_follower(const Stage& stage, const std::vector<std::size_t>& followers,
                            const std::vector<std::string>& manifests);

// Whether the RUN does nothing but build what the COPY brings, with tools that package managers know.
bool builds_source(const Site& run, const Copy& copy);

}  // namespace dockhew::inline layers
