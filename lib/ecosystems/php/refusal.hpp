// Installations that Composer certainly refuses: a package of the lock file needs an extension that the image lacks.
#pragma once

#include "ecosystems/refusal.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// Without a reason where nothing is known to speak against the installation.
Refusal php_refusal(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
