// Programs that `go install`, `go run` or `go get` fetches by their paths and that certainly cannot be built: the image's
// Go is too old for their newest version, they have another path now, or Go wants a version or a go.mod that is not there.
#pragma once

#include <string>

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// Why, for a person; empty where nothing is known to speak against it. `site.stage` is on an image of Go.
std::string refusal_of_installed_tool(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
