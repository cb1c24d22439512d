// What each instruction and each of its flags is for, in a sentence: shown where one is written.
#pragma once

#include <span>
#include <string_view>

#include "syntax/keyword.hpp"

namespace dockhew::cli {

struct InstructionGuide {
  std::string_view form;     // "WORKDIR DIRECTORY"
  std::string_view meaning;  // a sentence without its full stop
};
InstructionGuide guide_of(Keyword keyword);

// Empty for a flag that is not known.
std::string_view flag_meaning(Keyword keyword, std::string_view flag);

// The values that a flag can have, as far as there is a list.
std::span<const std::string_view> flag_values(std::string_view flag);

}  // namespace dockhew::cli
