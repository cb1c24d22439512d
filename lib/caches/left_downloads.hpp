// What a package manager downloads for an installation, an index or archives, and leaves in the layer of its RUN.
#pragma once

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline caches {

// Whether this use, in a RUN with a script, leaves something: no mount holds it, no option or variable makes the tool
// keep nothing, and no command after it in the RUN removes it.
bool leaves_downloads(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline caches
