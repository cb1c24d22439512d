// Packages of which older versions need more of the system: they link to other libraries, or there is no wheel of them
// for the interpreter, so that they are compiled against the libraries of the full base image.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "facts/facts.hpp"

namespace dockhew::inline ecosystems {

// Packages of the system that pinned versions need at run time. `text`: requirements and lock files, in lower case.
std::vector<std::string> needed_by_old_versions(std::string_view text, const ImageFacts& image);

// One that compiles programs while it runs, for which a slim image has no compiler; empty without one.
std::string_view find_compiling_package(std::string_view text);

}  // namespace dockhew::inline ecosystems
