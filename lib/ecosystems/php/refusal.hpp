// Installations that Composer certainly refuses: a package of the lock file needs an extension that the image lacks.
#pragma once

#include <string>

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// For a person; empty where nothing is known to speak against the installation.
std::string php_refusal(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
