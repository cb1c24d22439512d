// Installations that certainly fail: a distribution that manages the packages of its Python refuses those of pip.
#pragma once

#include "ecosystems/refusal.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// Without a reason where nothing is known to speak against the installation.
Refusal python_refusal(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
