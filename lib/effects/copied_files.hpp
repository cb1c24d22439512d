// Where cp, mv and install put files.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew {

// The absolute paths to which a cp, mv or install puts its files; empty if its words do not show them.
std::vector<std::string> find_copied_files(const Stage& stage, const ShellCommand& command);

}  // namespace dockhew
