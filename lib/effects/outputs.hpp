// What a command writes and reads, as far as its words tell. Everything here errs on the side of "it could": an unknown
// command may write and read anything.
#pragma once

#include <string>
#include <vector>

#include "effects/effects.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew {

struct Outputs {
  bool anything = false;           // an opaque command: it may write anywhere
  std::vector<std::string> paths;  // absolute; each stands for itself and everything below it

  bool may_contain(std::string_view path) const;
};

Outputs command_outputs(const Site& site, const ShellCommand& command);

// Paths outside of `command`'s options that it reads as files: the sources of cp, the program it runs.
struct ReadPath {
  std::string path;  // absolute
  Span span;         // of the word, in the script's text
};
std::vector<ReadPath> command_reads(const ShellCommand& command);

}  // namespace dockhew
