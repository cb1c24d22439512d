// The help: of all commands, and of one with its options. Lines fit into 80 columns.
#pragma once

#include <string>

#include "line/option_table.hpp"

namespace dockhew::cli {

std::string overview();
std::string help_of(const CommandRow& command);

// "-o, --output FILE"; without a letter "    --fix".
std::string spelled(const OptionRow& option);

// What the help says of an option, with its words and what it is without one.
std::string described(const OptionRow& option);

// The paragraphs of what the help says of all commands together, and of exit statuses.
std::string_view purpose();
std::string_view general_status();

}  // namespace dockhew::cli
