// Who shares a store: cache mounts with the same id are one directory on the builder, for all stages and all files.
// What a tool keeps may be useless on another distribution, which then needs a separate store.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/dockerfile.hpp"

namespace dockhew::inline caches {

// Whether its cache only fits one distribution, C library or compiler. Other tools name their files by content.
bool is_for_one_distribution(const Tool& tool);

// "apt-ubuntu" for /var/cache/apt, "apt-lists-ubuntu" for /var/lib/apt/lists.
std::string store_id(const Tool& tool, std::string_view target, std::string_view distribution);

// The id that a mount which is added to this stage has to have, because the default one is used by an earlier stage on
// another distribution, or will be by other projects. Nothing when the default one is right.
std::optional<std::string> needed_store_id(const Dockerfile& file, const Stage& stage, const Tool& tool,
                                           std::string_view target);

}  // namespace dockhew::inline caches
