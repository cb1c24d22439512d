// The flags that each instruction takes. Whoever checks a file and whoever proposes what to write read the same list.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "syntax/keyword.hpp"

namespace dockhew::inline syntax {

enum class FlagKind : std::uint8_t { text, boolean, list };  // list: may be given several times

struct InstructionFlag {
  std::string_view name;  // without the dashes
  FlagKind kind = FlagKind::text;
};

// Empty for an instruction that takes none.
std::span<const InstructionFlag> flags_of(Keyword keyword);

}  // namespace dockhew::inline syntax
