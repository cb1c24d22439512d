// Which files `dotnet restore` reads: projects, solutions, what MSBuild imports by name, and NuGet's settings. A
// project file is a program, so if one reads anything else, the restore stays after the COPY of the source.
#pragma once

#include <string>
#include <vector>

#include "model/build_context.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

// Of the project `start` and those that it refers to, or, if it is a solution or empty, of all projects at or below a
// directory of the context, which has to be known, and those that the solution names; sorted by directory. Declined
// where they are not all that is read.
Outcome<std::vector<std::string>> find_dotnet_projects(const BuildContext& context, const std::string& directory,
                                                       const std::string& start);

// What `dotnet` takes in a directory of the context when it is told of no project; empty where that is a solution, or
// several are there.
std::string only_project_in(const BuildContext& context, const std::string& directory);

// The same of a solution; empty also where none is there.
std::string only_solution_in(const BuildContext& context, const std::string& directory);

}  // namespace dockhew::inline ecosystems
