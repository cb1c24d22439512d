// Which files `dotnet restore` reads: projects, solutions, what MSBuild imports by name, and NuGet's settings. A
// project file is a program, so if one reads anything else, the restore stays after the COPY of the source.
#pragma once

#include <string>
#include <vector>

#include "model/build_context.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

// Of all projects at or below a directory of the context, which has to be known; sorted by directory. Declined where
// they are not all that is read.
Outcome<std::vector<std::string>> find_dotnet_projects(const BuildContext& context, const std::string& directory);

}  // namespace dockhew::inline ecosystems
