#include "ecosystems/ecosystem.hpp"

#include <algorithm>

namespace dockhew {

const Ecosystem* find_ecosystem(const Tool& tool) {
  for (const auto* ecosystem : all_ecosystems())
    if (std::ranges::find(ecosystem->tools, tool.id) != ecosystem->tools.end()) return ecosystem;
  return nullptr;
}

const Ecosystem* ecosystem_of(const Stage& stage) {
  if (!stage.image || stage.image->entry->language.empty()) return nullptr;
  const auto all = all_ecosystems();
  const auto found = std::ranges::find(all, stage.image->entry->language, &Ecosystem::language);
  return found == all.end() ? nullptr : *found;
}

bool sets_up_tool(std::string_view command) {
  return std::ranges::any_of(all_ecosystems(), [&](const Ecosystem* ecosystem) {
    if (ecosystem->runtime == nullptr) return false;
    const auto commands = ecosystem->runtime->setup_commands;
    return std::ranges::find(commands, command) != commands.end();
  });
}

}  // namespace dockhew
