// Options and operands that cannot all be meant. Each would otherwise be ignored without a word, and who typed it would
// believe that it counted.
#pragma once

#include <functional>
#include <string>

#include "line/option_table.hpp"
#include "options.hpp"

namespace dockhew::cli {

// What contradicts what, for the user; empty where nothing does. `given`: whether an option of this name was.
std::string contradiction(const CommandRow& command, const Options& options,
                          const std::function<bool(const char*)>& given);

}  // namespace dockhew::cli
