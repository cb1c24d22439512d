// What a RUN starts with `java` although it is no build tool: a program that has been built, or one that was
// downloaded.
#pragma once

#include "model/script.hpp"

namespace dockhew::inline ecosystems {

// Whether `java` starts an archive that is no build tool, and so reads none of their stores: all that it needs is in
// the archive or beside it.
bool java_runs_no_tool(const ShellCommand& command);

}  // namespace dockhew::inline ecosystems
