// What a RUN makes where a mount is to come. The builder makes the directory of a mount before the RUN starts, and all
// above it: `mkdir /go` then fails, and `mv go /opt/go` puts the directory into the other one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/site.hpp"

namespace dockhew::inline caches {

// What a command of the site's RUN makes that must not be there before, and that would be one of the directories or
// above one, as written. `directories` are absolute and cleaned.
std::optional<std::string> makes_above(const Site& site, const std::vector<std::string>& directories);

}  // namespace dockhew::inline caches
