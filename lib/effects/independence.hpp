// Commands that neither read nor write the project they are called in, and so may change places with a COPY of its
// source: packages installed by name, tools that install themselves, commands on files elsewhere.
#pragma once

#include <string_view>

#include "model/site.hpp"

namespace dockhew {

// True when the step certainly neither reads nor writes files below `directory`: only known commands, none of which
// looks there. That `directory` does not reach into a home directory is for may_hold_settings to say.
bool is_independent_of(const Dockerfile& file, const Step& step, std::string_view directory);

// Whether what is copied to a directory could be settings of package managers: of the system, or in the home directory
// of whoever runs the step.
bool may_hold_settings(const Site& site, std::string_view directory);

}  // namespace dockhew
