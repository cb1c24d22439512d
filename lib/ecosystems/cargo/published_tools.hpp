// Tools that `cargo install` compiles for minutes, although they can be downloaded: their projects publish programs for
// Linux, or cargo-quickinstall does, where `cargo binstall` finds them.
#pragma once

#include <string>
#include <vector>

#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// See Ecosystem::compiled_tools.
std::vector<std::string> cargo_compiled_tools(const ToolUse& use);

}  // namespace dockhew::inline ecosystems
