// Installations that certainly fail: a distribution that manages the packages of its Python refuses those of pip.
#pragma once

#include <string>

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// For a person; empty where nothing is known to speak against the installation.
std::string python_refusal(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
