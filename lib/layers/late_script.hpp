// An installation by a script of the build context that needs the script alone, and perhaps manifests: these are
// copied before the source, the script runs, and the source follows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "layers/late_installation.hpp"

namespace dockhew::inline layers {

// A RUN behind a COPY of the source that starts a script which installs packages and does nothing to the source
// otherwise; nothing for any other.
std::optional<LateInstallation> find_late_script(const Site& run);

// Whether a RUN between the COPY and the installation only makes executable what the installation starts. Where the
// COPY follows, it puts the old mode back, so nothing later may name the script.
bool only_prepares_scripts(const LateInstallation& late, const Site& between);

// What the installation needs of what a COPY of the stage brings, as paths in the context: its scripts, and the
// manifests that these install from.
Outcome<Manifests> files_of_script(const LateInstallation& late, const Site& run, std::size_t copy);

}  // namespace dockhew::inline layers
