// What Python packages need besides the slim image because of their extras or their version: an old one is compiled
// against libraries of the full image where newer ones are wheels, which contain these, or it loads libraries that
// newer ones do not.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "facts/facts.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

// `names`: requirements, or a lock file of Poetry, in lower case; `python`: "3.11". Packages of the system.
std::vector<std::string> packages_of_versions(const Facts& facts, std::string_view names, std::string_view python);

// The same of extras, which bring packages that the requirements do not name: `sqlalchemy[postgresql]`.
std::vector<std::string> packages_of_extras(const Facts& facts, std::string_view names);

// What in the requirements keeps packages from running in an image without a compiler, or leaves files in the source.
Obstacle obstacle_of_requirements(const Facts& facts, std::string_view names, std::string_view runtime_image);

// One that has libraries in a directory of Python's installation that holds no packages: the `data` of its wheel.
Obstacle obstacle_of_libraries_beside(const Facts& facts, std::string_view names);

// Of packages that are compiled wherever they are installed, because they have no wheels, one whose libraries are not
// known: what its code links to depends on what the builder has.
Obstacle obstacle_of_compiled_packages(const Facts& facts, std::string_view names);

}  // namespace dockhew::inline ecosystems
