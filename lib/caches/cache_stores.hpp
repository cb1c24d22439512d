// Who shares a store: cache mounts with the same id are one directory on the builder, for all stages and all files.
// What a tool keeps may be useless on another distribution, or wrong after a build with other flags, which then needs a
// separate store.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/site.hpp"

namespace dockhew::inline caches {

// Whether its cache only fits one distribution, C library or compiler. Other tools name their files by content.
bool is_for_one_distribution(const Tool& tool);

// "apt-ubuntu" for /var/cache/apt, "apt-lists-ubuntu" for /var/lib/apt/lists.
std::string store_id(const Tool& tool, std::string_view target, std::string_view distribution);

// The id that a mount which is added to this RUN has to have, because the default one is used by an earlier stage on
// another base, or will be by other projects, or because variables and options of this RUN change what is built.
// Nothing when the default one is right.
std::optional<std::string> needed_store_id(const Site& site, const Tool& tool, std::string_view target);

}  // namespace dockhew::inline caches
