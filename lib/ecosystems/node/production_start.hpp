// Whether what a container starts runs with the packages that a project has for production: node itself with a file of
// the project, or the server of a framework that is one of these packages, directly or by a script of package.json.
#pragma once

#include <string>
#include <string_view>

#include "model/site.hpp"
#include "text/json.hpp"

namespace dockhew::inline ecosystems {

// What the container of `runner` starts, by itself and by other files of the repository, and how it is checked.
// `project`: the directory of the image that `builder` has built it in.
bool starts_with_production_packages(const Dockerfile& file, const Stage& runner, const Stage& builder,
                                     const std::string& project);

// One command line. `package`: package.json.
bool starts_with_production_packages(std::string_view command, const Json& package);

}  // namespace dockhew::inline ecosystems
