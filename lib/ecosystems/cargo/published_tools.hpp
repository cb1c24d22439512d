// Tools that `cargo install` compiles for minutes, although they can be downloaded: their projects publish programs for
// Linux, or cargo-quickinstall does, where `cargo binstall` finds them.
#pragma once

#include <string_view>

#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// See Ecosystem::compiled_tool.
std::string_view cargo_compiled_tool(const ToolUse& use);

}  // namespace dockhew::inline ecosystems
