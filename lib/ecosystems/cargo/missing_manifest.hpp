// Whether Cargo finds the manifests of all packages of a workspace where it builds one of them.
#pragma once

#include <string>

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// See Ecosystem::missing_manifest.
std::string cargo_missing_manifest(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
