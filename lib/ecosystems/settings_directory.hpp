// Where package managers find settings that are not the project's: what lies there changes what a RUN installs, however
// little the RUN has to do with the project.
#pragma once

#include <string_view>

#include "model/site.hpp"

namespace dockhew::inline ecosystems {

// Whether files copied to a directory could be settings of package managers: system-wide, or in the home directory of
// the user who runs the step.
bool may_hold_settings(const Site& site, std::string_view directory);

// Whether the distribution's packages put files where something is copied to, so that it matters which comes first. A
// program that is copied into a directory of programs under its own name does not count.
bool may_hold_packages(const Copy& copy);

}  // namespace dockhew::inline ecosystems
