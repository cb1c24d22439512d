// The index of a package manager: a RUN that installs without fetching it reads the one that an earlier layer holds.
#pragma once

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline caches {

// `apk add --no-cache` fetches the index itself, and reads none that is there; `pacman -Sy` makes it new.
bool fetches_index_itself(const ToolUse& use);

// Whether the tool installs something here before it has fetched an index: it reads what an earlier layer holds.
bool installs_with_earlier_index(const Site& site, const Tool& tool);

// Whether a command may read an index that another one has fetched. Something that is not known may.
bool may_read_index(const Facts& facts, const ShellCommand& command, const Tool& tool);

// Whether a step installs with the index of an earlier layer, or may do so.
bool may_read_index(const Site& later, const Tool& tool);

// Whether a later RUN, or a container, may read the index that the site leaves in its layer.
bool is_index_read_later(const Site& site, const Tool& tool);

// Whether the index must stay in a layer, and may not be in a mount: the RUN reads that of an earlier one, or a later
// RUN may read that of this. `directory`: of the index.
bool needs_index_in_layer(const Site& site, const Tool& tool, std::string_view directory);

}  // namespace dockhew::inline caches
