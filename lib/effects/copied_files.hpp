// Where cp, mv and install put files.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::inline effects {

// Whether the command is one of these.
bool puts_files(const Facts& facts, const ShellCommand& command);

// The absolute paths to which a cp, mv or install puts its files; empty if its words do not show them.
std::vector<std::string> find_copied_files(const Facts& facts, const Stage& stage, const ShellCommand& command);

}  // namespace dockhew::inline effects
