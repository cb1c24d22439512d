// A module without go.sum that takes packages from others: since Go 1.16 nothing is built without their checksums.
#pragma once

#include <string>
#include <string_view>

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// For a person: why a use of Go cannot build what it names, in the directory `project` of the build context with the
// text of its go.mod. Empty where the checksums may be there, or may not be needed. Sources:
// https://go.dev/doc/go1.16#modules (`-mod=readonly`) and https://go.dev/doc/go1.18#go-command (`go mod download`
// without arguments saves none).
std::string missing_sums(const Site& site, const ToolUse& use, const std::string& project, std::string_view go_mod);

}  // namespace dockhew::inline ecosystems
