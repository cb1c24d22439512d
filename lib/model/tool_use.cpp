#include "model/tool_use.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "model/script.hpp"
#include "text/words.hpp"

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

enum class Following { nothing, value, list, manifest };

bool contains(Words words, std::string_view word) { return std::ranges::find(words, word) != words.end(); }

Following following_option(const Tool& tool, std::string_view option) {
  if (contains(tool.project.manifest_options, option)) return Following::manifest;
  if (contains(tool.list_options, option)) return Following::list;
  return contains(tool.value_options, option) ? Following::value : Following::nothing;
}

// The letters of `-Ur`, which a tool may read as `-U -r`; what follows the first with a value is that value.
std::string_view bundled_letters(const Tool& tool, std::string_view word) {
  const bool bundle = tool.bundles_options && word.size() > 2 && word[0] == '-' && word[1] != '-';
  return bundle ? word.substr(1) : std::string_view();
}

// What the next word is, after one that begins with a dash.
Following following(const Tool& tool, std::string_view word) {
  if (const auto whole = following_option(tool, word); whole != Following::nothing) return whole;
  const auto letters = bundled_letters(tool, word);
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const auto one = following_option(tool, std::string("-") + letters[i]);
    if (one != Following::nothing) return i + 1 == letters.size() ? one : Following::nothing;
  }
  return Following::nothing;
}

// A word of a tool's command, which may name a version of it: `npx turbo@2`.
bool is_named(const ShellWord& word, std::string_view name) {
  if (!word.value.is_known()) return false;
  const std::string_view text = word.text();
  return text.starts_with(name) && (text.size() == name.size() || text[name.size()] == '@');
}

// The index after the last word of a tool's command; nothing where it is another command. Between its words there may
// be options: `npx --yes tsc`.
std::optional<std::size_t> match_command(const Tool& tool, Words pattern, const ShellCommand& command) {
  const auto& words = command.words;
  if (words.empty() || command.name() != pattern[0]) return std::nullopt;
  std::size_t next = 1;
  for (std::size_t i = 1; i < pattern.size(); ++i, ++next) {
    while (!pattern[i].starts_with('-') && next < words.size() && words[next].raw.starts_with('-'))
      next += following(tool, words[next].raw) != Following::nothing ? 2 : 1;
    if (next >= words.size() || !is_named(words[next], pattern[i])) return std::nullopt;
  }
  return next;
}

bool is_in_bundle(const Tool& tool, std::string_view word, std::string_view option) {
  if (option.size() != 2 || option[1] == '-') return false;
  for (const char letter : bundled_letters(tool, word)) {
    if (letter == option[1]) return true;
    if (following_option(tool, std::string("-") + letter) != Following::nothing) return false;
  }
  return false;
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
      i += following(tool, word.raw) != Following::nothing ? 2 : 1;
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
    } else if (const auto next = following(*use.tool, raw); next != Following::nothing) {
      if (++i < words.size() && next == Following::manifest) use.manifests.push_back(i);
      while (next == Following::list && i + 1 < words.size() && !words[i + 1].raw.starts_with('-')) ++i;
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
    if (const auto first = match_command(*known->tool, known->words, command))
      return use_of(*known->tool, *first, command);
  return std::nullopt;
}

// The commands of a script that use a compiler cache.
void add_launched(const Facts& facts, const Script& script, std::string_view launcher, std::vector<ToolUse>& uses) {
  const auto* tool = facts.tool(launcher);
  if (tool == nullptr) return;
  for (const auto& command : script.commands) {
    const auto launches = [&](Words pattern) { return match_command(*tool, pattern, command).has_value(); };
    if (!std::ranges::any_of(tool->launches, launches)) continue;
    ToolUse use;
    use.tool = tool;
    use.action = &build_action;
    use.command = &command;
    use.first = 1;
    uses.push_back(std::move(use));
  }
}

// Whether all that it is given lies in files: `pip install --no-deps .`, not `pip install --no-deps flask`.
bool takes_only_files(const ToolUse& use) {
  const auto& words = use.command->words;
  const bool from_network = std::ranges::any_of(words, [](const ShellWord& word) {
    return word.raw.find("://") != std::string::npos || word.raw.starts_with("git+");
  });
  return !from_network && std::ranges::all_of(use.operands, [&](std::size_t i) {
    return words[i].value.is_known() && (words[i].text().starts_with('.') || words[i].text().starts_with('/'));
  });
}

}  // namespace

bool ToolUse::has_option(std::string_view option) const {
  return std::ranges::any_of(command->words, [&](const ShellWord& word) {
    const std::string_view text = word.value.is_known() ? std::string_view(word.text()) : std::string_view(word.raw);
    return text == option || (text.starts_with(option) && text.substr(option.size()).starts_with('=')) ||
           is_in_bundle(*tool, text, option);
  });
}

bool ToolUse::uses_cache() const {
  return action->uses_cache && std::ranges::none_of(tool->cache_use.offline_options, [&](std::string_view options) {
           const bool several = options.find(' ') != options.npos;
           for (const auto option : split_words(options))
             if (!has_option(option)) return false;
           return !several || takes_only_files(*this);
         });
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
