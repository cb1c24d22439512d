// System packages that packages of a language link to or start. The full image of a language has many of them, so
// nothing in the Dockerfile names them, and its slim form has none.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew {

// Of what the stage installs by name, and of what its manifests in the build context name: `libpq-dev` for `psycopg2`.
// A -dev package stands for the library behind it. `language`: "python" or "node".
std::vector<std::string> find_needed_packages(const Dockerfile& file, const Stage& stage, std::string_view language);

}  // namespace dockhew
