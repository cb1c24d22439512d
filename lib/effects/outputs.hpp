// What a command writes, as lib/stages still asks for it. It goes when that asks command_effects instead.
#pragma once

#include <string>
#include <vector>

#include "effects/effects.hpp"
#include "model/site.hpp"

namespace dockhew {

struct Outputs {
  bool anything = false;           // an opaque command: it may write anywhere
  std::vector<std::string> paths;  // absolute; each represents itself and everything below it
};

// Defined with command_effects.
Outputs command_outputs(const Site& site, const ShellCommand& command);

}  // namespace dockhew
