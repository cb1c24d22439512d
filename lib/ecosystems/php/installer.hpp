// The installer of Composer, which people get from its authors' address and feed to PHP.
// Source: https://getcomposer.org/download/.
#pragma once

#include <optional>

#include "effects/effects.hpp"

namespace dockhew::inline ecosystems {

// What the installer, or the script of PHP that fetches, checks or removes it, does; nothing for every other command.
std::optional<Effects> composer_installer_effects(const Script& script, const ShellCommand& command);

}  // namespace dockhew::inline ecosystems
