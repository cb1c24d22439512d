// Packages that are installed by name after the source, or after manifests of dependencies, although they need nothing
// of it: what is copied before them, so that it can be copied after them.
#pragma once

#include "layers/late_installation.hpp"
#include "model/site.hpp"

namespace dockhew::inline layers {

// A RUN that does nothing but install by name, and perhaps clean up after itself.
bool only_installs_by_name(const Site& run);

// Each fills the sources of `late`, and leaves them empty where there is nothing to move.
// The source is copied, as a whole or in parts, before packages that are installed by name.
void find_source_of_named(const Site& run, LateInstallation& late);
// The whole source is copied before a RUN that installs packages by name and does something with the source besides.
void find_source_of_mixed(const Site& run, LateInstallation& late);
// Files that declare dependencies are copied before packages of the system that are installed by name: these are
// installed again whenever a dependency changes.
void find_manifests_of_named(const Site& run, LateInstallation& late);

}  // namespace dockhew::inline layers
