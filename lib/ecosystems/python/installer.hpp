// The installer of Poetry, which people get from its authors' address and feed to Python.
// Source: https://python-poetry.org/docs/#installing-with-the-official-installer.
#pragma once

#include <optional>

#include "effects/effects.hpp"

namespace dockhew::inline ecosystems {

// What `curl -sSL https://install.python-poetry.org | python3 -` does; nothing for every other command.
std::optional<Effects> poetry_installer_effects(const Script& script, const ShellCommand& command);

}  // namespace dockhew::inline ecosystems
