// Settings that package managers read outside of the project's directory: above it, and in the home of their user.
// Where the source is copied there, a part of it decides what an installation does.
#pragma once

#include <string>
#include <vector>

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// Places in the image, whatever is there. None where the directory of the use, or the home, is not known.
std::vector<std::string> outer_settings(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
