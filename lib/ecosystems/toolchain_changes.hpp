// Whether a command still finds the toolchain of the image, and a file of the project as the build context has it. What
// is said of the two together, that this version refuses that project, holds only then.
#pragma once

#include <string>

#include "facts/facts.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// Whether a step or a command before the use may bring another toolchain, or write or replace the file, which is told
// by its place in the image; empty where it is not about one. `words`: of what concerns the toolchain, each a part of a
// text: "rustup", "JAVA_HOME".
bool may_find_other(const Site& site, const ToolUse& use, Words words, const std::string& file = {});

// Whether the use finds a manifest as the context has it, and the image's own toolchain. `path`: of the manifest, in
// the context; it has the same name where the use runs.
bool finds_as_written(const Site& site, const ToolUse& use, Words words, const std::string& path);

}  // namespace dockhew::inline ecosystems
