#include "model/tool_use.hpp"

#include <algorithm>
#include <optional>

#include "model/script.hpp"

namespace dockhew::inline model {
namespace {

constexpr ToolAction other_action = [] {
  ToolAction action;
  action.uses_cache = false;
  return action;
}();
constexpr ToolAction build_action = [] {
  ToolAction action;
  action.kind = ActionKind::build;
  action.reads_source = true;
  return action;
}();

bool matches_command(Words pattern, const ShellCommand& command) {
  if (command.words.size() < pattern.size() || command.name() != pattern[0]) return false;
  for (std::size_t i = 1; i < pattern.size(); ++i)
    if (!command.words[i].value.is(pattern[i])) return false;
  return true;
}

// Words of an action may come after options: `apt-get -y install`. Returns the index after the last matched word.
std::optional<std::size_t> match_action(const Tool& tool, const ToolAction& action, const ShellCommand& command,
                                        std::size_t first) {
  std::size_t i = first;
  for (const auto& wanted : action.words) {
    while (i < command.words.size()) {
      const auto& word = command.words[i];
      const bool option = word.raw.starts_with('-') || word.raw.starts_with('+');
      if (!option) break;
      i += std::ranges::find(tool.value_options, word.raw) != tool.value_options.end() ? 2 : 1;
    }
    if (i >= command.words.size() || !command.words[i].value.is(wanted)) return std::nullopt;
    ++i;
  }
  if (!action.only_with_option.empty() && !command.has_word(action.only_with_option)) return std::nullopt;
  return i;
}

void read_operands(ToolUse& use) {
  const auto& words = use.command->words;
  bool only_operands = false;
  for (std::size_t i = use.first; i < words.size(); ++i) {
    const auto& raw = words[i].raw;
    if (only_operands || !raw.starts_with('-')) {
      use.operands.push_back(i);
    } else if (raw == "--") {
      only_operands = true;
    } else if (std::ranges::find(use.tool->manifest_options, raw) != use.tool->manifest_options.end()) {
      if (++i < words.size()) use.manifests.push_back(i);
    } else if (std::ranges::find(use.tool->value_options, raw) != use.tool->value_options.end()) {
      ++i;
    }
  }
}

// `first`: index of the first word after the tool's command.
ToolUse use_of(const Tool& tool, std::size_t first, const ShellCommand& command) {
  ToolUse use;
  use.tool = &tool;
  use.command = &command;
  for (const auto& action : tool.actions) {
    const auto after = match_action(tool, action, command, first);
    if (!after) continue;
    use.action = &action;
    use.first = *after;
    read_operands(use);
    if (!action.alone || use.operands.empty()) return use;
    use.operands.clear();
    use.manifests.clear();
  }
  use.action = &other_action;
  use.first = first;
  read_operands(use);
  return use;
}

// The tool that a single command runs, if the tables know it.
std::optional<ToolUse> find_tool_use(const Facts& facts, const ShellCommand& command) {
  if (command.words.empty() || command.name().empty()) return std::nullopt;
  const std::string_view name = command.name();
  auto known = std::ranges::lower_bound(facts.commands, name, {}, &ToolCommand::name);
  for (; known != facts.commands.end() && known->name == name; ++known)
    if (matches_command(known->words, command)) return use_of(*known->tool, known->words.size(), command);
  return std::nullopt;
}

// The commands of a script that use a compiler cache.
void add_launched(const Facts& facts, const Script& script, std::string_view launcher, std::vector<ToolUse>& uses) {
  const auto* tool = facts.tool(launcher);
  if (tool == nullptr) return;
  for (const auto& command : script.commands) {
    const auto launches = [&](Words pattern) { return matches_command(pattern, command); };
    if (!std::ranges::any_of(tool->launches, launches)) continue;
    ToolUse use;
    use.tool = tool;
    use.action = &build_action;
    use.command = &command;
    use.first = 1;
    uses.push_back(std::move(use));
  }
}

}  // namespace

bool ToolUse::has_option(std::string_view option) const {
  return std::ranges::any_of(command->words, [&](const ShellWord& word) {
    const std::string_view raw = word.raw;
    return raw == option || (raw.starts_with(option) && raw.substr(option.size()).starts_with('='));
  });
}

bool ToolUse::uses_cache() const {
  return action->uses_cache &&
         std::ranges::none_of(tool->offline_options, [&](std::string_view option) { return has_option(option); });
}

void find_tool_uses(const Facts& facts, Script& script) {
  auto& uses = script.uses;
  uses.clear();
  std::vector<ShellCommand*> users;  // of each of the uses
  for (auto& command : script.commands) {
    auto use = find_tool_use(facts, command);
    if (!use) continue;
    uses.push_back(std::move(*use));
    users.push_back(&command);
  }
  for (const auto& launcher : script.launchers) add_launched(facts, script, launcher, uses);
  for (std::size_t i = 0; i < users.size(); ++i) users[i]->use = &uses[i];
}

}  // namespace dockhew::inline model
