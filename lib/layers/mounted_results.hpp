// A RUN may install into a cache mount and use what it has installed. A second RUN with the same mount cannot rely on
// that: the first may come from a cache while the mount is empty, or holds what another build left there.
#pragma once

#include <cstddef>

#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline layers {

// Why the first `head` elements of the RUN's chain cannot become a RUN of their own: a mount may hold what they make.
// The caches of tools are no obstacle, because what is not in them is downloaded again.
Obstacle results_in_mount(const Site& site, std::size_t head);

}  // namespace dockhew::inline layers
