// Packages that are installed into the image itself and not into the project. Some are known to have nothing but the
// programs that build; where the container starts none of these, it needs none of the packages.
#pragma once

#include <string_view>
#include <vector>

#include "ecosystems/runtime.hpp"
#include "text/json.hpp"

namespace dockhew::inline ecosystems {

// Whether a use installs nothing but package managers, globally, which only the build needs: `npm install -g pnpm`.
bool installs_package_manager(const ToolUse& use);

// Whether npm installs nothing globally but package managers and packages that build.
bool installs_build_tools(const ToolUse& use);

// The packages that may have a program: the one of its name, and those that are known to: `tsc` is in `typescript`.
std::vector<std::string_view> packages_with_program(std::string_view program);

// Whether npm installs servers and the like globally, and nothing that is compiled: `npm install -g serve`.
bool installs_servers(const ToolUse& use);

// The same, or the package manager that the container starts: see Runtime::installs_programs.
bool installs_programs(const Stage& stage, const ToolUse& use);

// The package manager that a stage starts and its slim image has not: "pnpm"; empty without one.
std::string_view started_manager(const Stage& stage);

// The major versions of a package manager that a stage names, and `packageManager` of package.json.
std::vector<int> named_majors(const Stage& stage, const Json& package, std::string_view tool);

// A program of such a package that the container starts.
Obstacle obstacle_of_build_tools(const Dockerfile& file, const Stage& stage, const Runtime& runtime);

}  // namespace dockhew::inline ecosystems
