// An installation that fails because its package.json has `"postinstall": "prisma generate"` and the schema is only
// copied after it.
#pragma once

#include <string>

#include "model/site.hpp"
#include "model/tool_use.hpp"
#include "text/json.hpp"

namespace dockhew::inline ecosystems {

// The schema, by its path in the context, that an installation of the project in the directory `root` of the context
// looks for and that no step has brought; empty where it may be there. `manifest`: the package.json there.
std::string late_schema(const Site& site, const ToolUse& use, const std::string& root, const Json& manifest);

}  // namespace dockhew::inline ecosystems
