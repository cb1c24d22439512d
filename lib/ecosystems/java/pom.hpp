// What in a pom.xml ties Maven to the source: modules, libraries by path, a parent in another directory.
#pragma once

#include <string_view>

#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

Obstacle pom_xml_obstacle(std::string_view text);

}  // namespace dockhew::inline ecosystems
