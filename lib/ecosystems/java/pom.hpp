// What in a pom.xml ties Maven to the source: modules, libraries by path, a parent in another directory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

Obstacle pom_xml_obstacle(std::string_view text);

struct Pom {
  std::vector<std::string> modules;  // as they are written: directories, or files
};

// Declined where it could not be read, or names libraries of the source by path.
Outcome<Pom> read_pom(std::string_view text);

}  // namespace dockhew::inline ecosystems
