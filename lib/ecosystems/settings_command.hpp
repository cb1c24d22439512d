// `bundle config set deployment true`, `poetry config virtualenvs.create false`: a package manager is given a setting
// once and remembers it. If it installs before the source is copied, it must be given the setting before that.
#pragma once

#include <optional>
#include <string>

#include "model/dockerfile.hpp"

namespace dockhew::inline ecosystems {

// Whether the command is the `config` of a package manager.
bool is_settings_command(const ShellCommand& command);

// Whether it only sets its own settings, which nothing in the COPY of the source replaces afterwards. `directory`: of
// the project, in the context, if known.
bool only_sets_settings(const Dockerfile& file, const ShellCommand& command,
                        const std::optional<std::string>& directory);

}  // namespace dockhew::inline ecosystems
