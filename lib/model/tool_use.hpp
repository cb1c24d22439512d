// Recognises package managers and build tools in the commands of a script, by the tables of facts.
#pragma once

#include <vector>

#include "model/facts.hpp"
#include "model/script.hpp"

namespace dockhew {

struct ToolUse {
  const Tool* tool = nullptr;
  const ToolAction* action = nullptr;  // never null; kind `other` for what the table does not name
  const ShellCommand* command = nullptr;
  std::size_t first = 0;               // of the command's words: the first behind the matched ones
  std::vector<std::size_t> operands;   // indices of words that are neither options nor their values
  std::vector<std::size_t> manifests;  // indices of words that name a manifest: the F of `-r F`

  bool has_option(std::string_view option) const;  // also as --option=value
  bool uses_cache() const;                         // a mount on the tool's cache serves it
};

// The tool a single command runs, if the tables know it.
std::optional<ToolUse> find_tool_use(const Facts& facts, const ShellCommand& command);

// Those of a whole script, in order. Pointers go into `script`.
std::vector<ToolUse> find_tool_uses(const Facts& facts, const Script& script);

}  // namespace dockhew
