// What in a package.json ties an installation to the source: scripts that it runs, patches, dependencies by path. Some
// harmless manifests are rejected, but no harmful one is accepted.
#pragma once

#include <string>

#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

Obstacle package_json_obstacle(const std::string& text);

}  // namespace dockhew::inline ecosystems
