// Files of the source that an installation is told to use in addition to its manifests: a directory of packages, a
// constraint, a certificate, a configuration, a script to load. If there is one, the installation cannot go before the
// source.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/outcome.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// Whether an option names a local file or directory: `--find-links wheels`, `--cert=ca.pem`.
bool names_local_file(const ToolUse& use);

// The files of the context that words of the command name besides the manifests, where they can be copied with these.
// Declined where another file or directory of the source is named. `directory` is where the command runs, in the build
// context; `manifests`: what is copied anyway.
Outcome<std::vector<std::string>> files_named_by_words(const Site& site, const ToolUse& use,
                                                       const std::string& directory,
                                                       const std::vector<std::string>& manifests);

// A file or directory of the source that the text of a file of settings names: `yarnPath: tools/yarn.cjs`. Words
// without a slash are taken for files alone. `project`: in the context, and `image_directory` where it is in the image;
// empty where that is not known.
Obstacle file_named_by_settings(const BuildContext& context, const std::string& path, const std::string& project,
                                std::string_view image_directory, const std::vector<std::string>& manifests);

// Whether a word of a command, or a part of one, names a file or directory of the source; without the context, one that
// begins with "./". `directory`: where the command runs, in the context.
bool names_source(const Dockerfile& file, const ShellCommand& command, const ShellWord& word,
                  const std::string& directory);

// Whether a variable is one of those that the tool reads itself, by its name: `PIP_INDEX_URL`, `npm_config_registry`.
bool is_variable_of(const Tool& tool, std::string_view name);

// A variable that the tool reads and whose value names one, set in the file or only for the command.
Obstacle variable_naming_file(const Site& site, const ToolUse& use, const std::string& directory);

}  // namespace dockhew::inline ecosystems
