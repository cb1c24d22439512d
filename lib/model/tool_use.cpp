#include "model/tool_use.hpp"

#include <algorithm>
#include <optional>

#include "model/script.hpp"

namespace dockhew {
namespace {

const ToolAction other_action = [] {
  ToolAction action;
  action.uses_cache = false;
  return action;
}();

bool matches_command(const std::vector<std::string>& pattern, const ShellCommand& command) {
  // Nearly all patterns differ from nearly all commands in the first letter, and this is asked of every pair.
  const auto& name = command.name();
  if (command.words.size() < pattern.size() || name.empty() || name[0] != pattern[0][0] || name != pattern[0])
    return false;
  for (std::size_t i = 1; i < pattern.size(); ++i)
    if (!command.words[i].value.is(pattern[i])) return false;
  return true;
}

// Words of an action may stand behind options: `apt-get -y install`. Gives the index behind the last matched word.
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

const ToolAction build_action = [] {
  ToolAction action;
  action.kind = ActionKind::build;
  action.reads_source = true;
  return action;
}();

// The tool that a single command runs, if the tables know it.
std::optional<ToolUse> find_tool_use(const Facts& facts, const ShellCommand& command) {
  if (command.words.empty()) return std::nullopt;
  for (const auto& tool : facts.tools) {
    for (const auto& pattern : tool.commands) {
      if (!matches_command(pattern, command)) continue;
      ToolUse use;
      use.tool = &tool;
      use.action = &other_action;
      use.command = &command;
      use.first = pattern.size();
      for (const auto& action : tool.actions) {
        const auto behind = match_action(tool, action, command, pattern.size());
        if (!behind) continue;
        ToolUse candidate = use;
        candidate.action = &action;
        candidate.first = *behind;
        read_operands(candidate);
        if (action.alone && !candidate.operands.empty()) continue;
        return candidate;
      }
      read_operands(use);
      return use;
    }
  }
  return std::nullopt;
}

// The commands of a script that go through a compiler cache.
void add_launched(const Facts& facts, const Script& script, std::string_view launcher, std::vector<ToolUse>& uses) {
  const auto* tool = facts.tool(launcher);
  if (tool == nullptr) return;
  for (const auto& command : script.commands) {
    const auto launches = [&](const std::vector<std::string>& pattern) { return matches_command(pattern, command); };
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
         std::ranges::none_of(tool->offline_options, [&](const std::string& option) { return has_option(option); });
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

}  // namespace dockhew
