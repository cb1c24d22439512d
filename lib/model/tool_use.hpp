// A command in terms of the tables of facts: which tool runs, what it does, and which words it applies to. Determined
// once, when a script is read, and stored with it.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "facts/facts.hpp"

namespace dockhew::inline model {

struct Script;
struct ShellCommand;

struct ToolUse {
  const Tool* tool = nullptr;
  const ToolAction* action = nullptr;  // never null; kind `other` for what the table does not name
  const ShellCommand* command = nullptr;
  std::size_t first = 0;               // index of the first of the command's words after the matched ones
  std::vector<std::size_t> operands;   // indices of words that are neither options nor their values
  std::vector<std::size_t> manifests;  // indices of words that name a manifest: the F of `-r F`

  bool has_option(std::string_view option) const;  // also as --option=value, or bundled with others
  bool uses_cache() const;                         // it benefits from a mount on the tool's cache
};

// Fills `uses` of a script whose commands and launchers are complete, in the order of the commands, and records in each
// command which of them is its own. `facts` must outlive the script.
void find_tool_uses(const Facts& facts, Script& script);

}  // namespace dockhew::inline model
