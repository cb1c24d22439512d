// Moves the COPY of the source after an installation: what the installation reads of it comes first, the source
// afterwards, and of a RUN that installs and builds, the building part follows the source.
#pragma once

#include "layers/late_installation.hpp"
#include "layers/reordering.hpp"

namespace dockhew::inline layers {

Outcome<Reordering> copy_source_after(const Dockerfile& file, const Stage& stage, const LateInstallation& late);

}  // namespace dockhew::inline layers
