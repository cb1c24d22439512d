// A command as a message says it: what the file has, and for the exec form its words without quotes and commas.
#pragma once

#include <string>

#include "model/dockerfile.hpp"

namespace dockhew::inline model {

// Of a RUN; without the variables that are set for the command, and from its first words only the first `count`.
std::string command_text(const Step& run, const ShellCommand& command, std::size_t count = std::string::npos);

}  // namespace dockhew::inline model
