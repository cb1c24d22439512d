// Libraries of the system that a Rust program certainly loads when it starts, told by Cargo.lock: not all that it may.
#pragma once

#include <string>
#include <vector>

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// See Ecosystem::loaded_libraries. None where features or a workspace decide what is linked.
std::vector<std::string> cargo_loaded_libraries(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
