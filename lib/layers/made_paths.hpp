// What a command of a RUN leaves in its layer, as paths: a later layer that removes them or gives them to another user
// makes the image no smaller.
#pragma once

#include <string>
#include <vector>

#include "effects/effects.hpp"
#include "model/site.hpp"

namespace dockhew::inline layers {

// Absolute, without wildcards and without those below a home directory that is not known.
std::vector<std::string> known_paths(const AffectedPaths& affected);

// What `command`, of the script of the site's step, makes: where a tool installs, what a Unix command writes. Not what
// is in mounts, nor caches; nor packages of the distribution, which are everywhere and are compared by their names.
std::vector<std::string> made_paths(const Site& site, const ShellCommand& command);

}  // namespace dockhew::inline layers
