// Which files of the project may use a variable of the environment while an installation runs: its manifests and
// settings, and what those name. A manifest can be a program, as a mix.exs, or name a script that is run, as the
// `postinstall` of a package.json does, and others have variables put in.
#pragma once

#include <string>
#include <string_view>

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline flow {

// A file of the build context, by its path, that the use reads and that has the name as a word of its own; empty where
// none is known to, or there are more files than are read (4 MiB).
std::string file_naming_variable(const Site& site, const ToolUse& use, std::string_view variable);

}  // namespace dockhew::inline flow
