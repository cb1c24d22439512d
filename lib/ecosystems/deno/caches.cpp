#include "ecosystems/deno/caches.hpp"

namespace dockhew::inline ecosystems {

// The image's own entry point starts Deno, so no command need name it. Source: the Dockerfiles in
// github.com/denoland/deno_docker, 2026-07.
Outcome<std::vector<Assumption>> deno_cache_hazards(const Site& site, const Tool&) {
  if (site.file.ships(site.stage))
    return Declined{"the container imports its modules from Deno's cache, which must therefore be in the image"};
  return std::vector<Assumption>();
}

}  // namespace dockhew::inline ecosystems
