// What is said of a command or an option that does not exist, or not here: who types one means something.
#pragma once

#include <string>

#include "line/option_table.hpp"

namespace dockhew::cli {

std::string unknown_command(const std::string& name);

// `spelled`: as it was typed, "--fxi" or "-x". It is not an option of this command.
std::string unknown_option(const CommandRow& command, const std::string& spelled);

}  // namespace dockhew::cli
