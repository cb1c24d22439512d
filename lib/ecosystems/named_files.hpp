// Files of the source that an installation is told to use in addition to its manifests: a directory of packages, a
// constraint, a certificate, a configuration, a script to load. If there is one, the installation cannot go before the
// source.
#pragma once

#include <string>
#include <string_view>

#include "model/outcome.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// Whether an option names a local file or directory: `--find-links wheels`, `--cert=ca.pem`.
bool names_local_file(const ToolUse& use);

// A file named by an option of the command. `directory` is where the command runs, in the build context.
Obstacle file_named_by_option(const Site& site, const ToolUse& use, const std::string& directory);

// The same of tools whose other words are projects, tasks and directories for the output: only what is known to be a
// configuration. One that has a usual name goes with the manifests.
Obstacle configuration_named_by_option(const ToolUse& use);

// Whether a variable is one of those that the tool reads itself, by its name: `PIP_INDEX_URL`, `npm_config_registry`.
bool is_variable_of(const Tool& tool, std::string_view name);

// A variable that the tool reads and whose value names one, set in the file or only for the command.
Obstacle variable_naming_file(const Site& site, const ToolUse& use, const std::string& directory);

}  // namespace dockhew::inline ecosystems
