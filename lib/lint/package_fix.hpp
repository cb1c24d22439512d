// How a fix brings a package of the distribution into a stage: with those that a RUN installs there already, or by a
// RUN of its own at the top of the stage, where it runs as root and is made again with the base image alone.
#pragma once

#include <string>
#include <string_view>

#include "lint/finding.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::inline lint {

// In the stage, or in one that it is built on. The base image has to be known.
Fix install_fix(const Dockerfile& file, const Stage& stage, std::string_view package);

// At the top, so that it is there for every RUN. `packages`: it, and what it needs besides, with blanks between.
Fix install_first_fix(const Dockerfile& file, const Stage& stage, std::string_view package,
                      const std::string& packages);

// A line that brings a tool of a language, as `RUN npm install --global yarn@1`, at the top of the stage.
Fix line_first_fix(const Dockerfile& file, const Stage& stage, std::string_view line);

}  // namespace dockhew::inline lint
