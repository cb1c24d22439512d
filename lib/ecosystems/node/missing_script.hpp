// A script that a command runs by its name, and that no package.json has: the build ends with "Missing script".
#pragma once

#include <string>

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// Its name; empty where it may be there. Where the build context is a guess, no package.json of the repository has it.
// Yarn and Bun look for programs of that name besides, and are left alone.
std::string missing_script(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
