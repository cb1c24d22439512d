// Two questions by the name under which rules/no_dependency_layer.cpp still asks them. It goes when that includes
// ecosystems/named_installation.hpp and ecosystems/settings_directory.hpp instead.
#pragma once

#include <string_view>

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew {

bool installs_by_name(const ToolUse& use);
bool may_hold_settings(const Site& site, std::string_view directory);

}  // namespace dockhew
