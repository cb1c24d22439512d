// What the gems of an image need besides the slim form of Ruby's image: the full form has many libraries and programs,
// so that nothing in the Dockerfile names them.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

struct GemNeeds {
  std::vector<std::string> packages;  // of the distribution; -dev packages stand for theirs
  std::vector<std::string> unknown;   // gems that no table has: nothing says that they have native code
};

// Of what a stage installs. Declined where a library is not known, or a gem compiles when it runs.
Outcome<GemNeeds> find_gem_needs(const Dockerfile& file, const Stage& stage);

}  // namespace dockhew::inline ecosystems
