// Where pip puts packages, and which lists of requirements the other package managers write.
#pragma once

#include <string>
#include <vector>

#include "effects/effects.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

Effects python_effects(const Site& site, const ToolUse& use);

// What an export of locked packages writes: `poetry export -o requirements.txt`, `uv export > requirements.txt`. It is
// made of the manifests alone.
std::vector<std::string> exported_requirements(const ToolUse& use);

}  // namespace dockhew::inline ecosystems
