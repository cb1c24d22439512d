// A COPY that brings manifests, other files and the contents of directories into one place: `COPY app.py
// requirements.txt templates ./`. The manifests are the files of that name, unless one of the directories has some too.
#pragma once

#include <optional>
#include <string>

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline layers {

// Where the files of the COPY are, in the context, if the directories beside them hold nothing that the installation
// looks for where it runs. Nothing where that is not known.
std::optional<std::string> directory_of_files(const Site& run, const Copy& copy, const ToolUse& use);

}  // namespace dockhew::inline layers
