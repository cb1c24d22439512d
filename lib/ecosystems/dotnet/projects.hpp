// Which files `dotnet restore` reads: projects, solutions, what MSBuild imports by name, and NuGet's settings. A
// project file is a program, so one that reads anything else keeps the restore behind the source.
#pragma once

#include <string>
#include <vector>

#include "model/build_context.hpp"

namespace dockhew {

struct DotnetProjects {
  std::vector<std::string> files;  // in the context, sorted by directory
  std::string declined;            // why they are not all that is read
};

// Of all projects at or below a directory of the context, which has to be known.
DotnetProjects find_dotnet_projects(const BuildContext& context, const std::string& directory);

}  // namespace dockhew
