// Lists of requirements, as `pip install -r` reads them: they include others, and everything they name must be known.
#pragma once

#include "ecosystems/manifests.hpp"

namespace dockhew::inline ecosystems {

Outcome<Manifests> find_requirements(const Site& site, const ToolUse& use, const Project& project);

}  // namespace dockhew::inline ecosystems
