// Modules that lie in the project's own `vendor` directory: Go then downloads nothing for a build.
#pragma once

#include "model/site.hpp"

namespace dockhew::inline ecosystems {

// Whether an option says so: `-mod=vendor`.
bool is_told_to_use_vendor(const ToolUse& use);

// Whether a use reads no module from the module cache, because the build context has a `vendor` directory beside go.mod
// and go.mod names Go 1.14 or later. Source: https://go.dev/ref/mod#vendoring.
bool go_leaves_cache(const Site& site, const ToolUse& use, const ToolCache& cache);

}  // namespace dockhew::inline ecosystems
