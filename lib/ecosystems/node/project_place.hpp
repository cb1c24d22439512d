// Where a package manager of Node works, and where it installs: npm does so beside the nearest package.json at or above
// the directory that it runs in, which need not be there. https://docs.npmjs.com/cli/configuring-npm/folders
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/outcome.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// npm, pnpm or Yarn, by the name of the tool or of its package.
bool is_package_manager(std::string_view tool);

// The directory it works in: where its command runs, or what `--prefix` and its like name relative to that.
Value directory_of_use(const ToolUse& use);

// Why what it installs is not in `node_modules` of the directory: an option or a setting says so, or there is a
// package.json above, of which this is a workspace or which is the only one.
Obstacle obstacle_of_place(const Site& site, const ToolUse& use, const std::string& directory);

// The text of a file of the project, `project` being its directory in the image; nothing where the context has none.
std::optional<std::string> read_project_file(const Dockerfile& file, const Stage& stage, const std::string& project,
                                             std::string_view name);

// Whether the project that a command works in says which version of its package manager is meant, or may say so.
bool names_manager_version(const Site& site, const ShellCommand& command);

}  // namespace dockhew::inline ecosystems
