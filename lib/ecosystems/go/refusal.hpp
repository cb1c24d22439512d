// Modules that the Go of an image certainly refuses: go.mod asks for a later one, or there are no checksums of others.
#pragma once

#include "ecosystems/refusal.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// Without a reason where nothing is known to speak against it. Sources: https://go.dev/doc/toolchain, and Go 1.20
// for versions of three numbers ("must match format 1.23").
Refusal go_refusal(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
