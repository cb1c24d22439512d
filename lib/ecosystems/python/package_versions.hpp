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

}  // namespace dockhew::inline ecosystems
