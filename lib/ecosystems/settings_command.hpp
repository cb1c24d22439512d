// `bundle config set deployment true`, `poetry config virtualenvs.create false`: a package manager is told something
// once and keeps it. Where it installs before the source is copied, it must be told before too.
#pragma once

#include <optional>
#include <string>

#include "model/dockerfile.hpp"

namespace dockhew {

// Whether the command is the `config` of a package manager.
bool is_settings_command(const ShellCommand& command);

// Whether it only sets its own settings, and nothing that the COPY of the source brings takes their place afterwards.
// `directory`: of the project, in the context, if that can be said.
bool only_sets_settings(const Dockerfile& file, const ShellCommand& command,
                        const std::optional<std::string>& directory);

}  // namespace dockhew
