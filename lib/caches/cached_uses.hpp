// Uses of a tool that only take what is in its cache, because they have no network or are told not to use it. What they
// need must be in a layer: a mount may be empty, and it hides the contents of earlier layers.
#pragma once

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline caches {

// By an option (`npm ci --offline`), a variable (`UV_OFFLINE=1`), a file of the project or `RUN --network=none`.
bool takes_only_cached(const Site& site, const ToolUse& use);

// Whether a step has such a use of the tool.
bool has_cached_use(const Site& site, const Tool& tool);

// The first of them that needs what an earlier step has downloaded; null when there is none. It is not the second of
// `dotnet restore && dotnet publish --no-restore`, which fill the cache themselves, in a mount or not.
const ToolUse* use_of_earlier_downloads(const Site& site, const Tool& tool);

}  // namespace dockhew::inline caches
