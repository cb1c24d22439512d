// An installation by a script of the build context, of which the script alone is needed: it is copied before the
// source, run, and the source follows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "layers/late_installation.hpp"

namespace dockhew::inline layers {

// A RUN behind a COPY of the source that starts a script which installs packages by name and does nothing to the
// source; nothing for any other.
std::optional<LateInstallation> find_late_script(const Site& run);

// Whether a RUN between the COPY and the installation only makes executable what the installation starts. Where the
// COPY follows, it puts the old mode back, so nothing later may name the script.
bool only_prepares_scripts(const LateInstallation& late, const Site& between);

// The scripts of the installation that a COPY of the stage brings, as paths in the context.
std::vector<std::string> scripts_brought_by(const LateInstallation& late, const Site& run, std::size_t copy);

}  // namespace dockhew::inline layers
