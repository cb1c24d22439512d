#include "ecosystems/build_choice.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "effects/unix_effects.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline ecosystems {
namespace {

// `[ "$MODE" = release ]`, and not a test of a file, which the source may have.
bool asks_for_value(const Facts& facts, const ShellCommand& command) {
  if (command.use != nullptr || !command.redirects.empty() || !facts.is_plain(command.name()) ||
      !has_operands(facts, command, {Operands::tested}))
    return false;
  return std::ranges::all_of(command.words, [](const ShellWord& word) {
    return !word.raw.starts_with('-') || word.raw == "-n" || word.raw == "-z" || word.raw == "-eq" || word.raw == "-ne";
  });
}

bool builds_alike(const ToolUse& use, const ShellCommand& command) {
  const auto* other = command.use;
  return other != nullptr && other->tool == use.tool && other->action == use.action && !command.piped &&
         command.redirects.empty() && command.directory == use.command->directory;
}

// What stands between two commands of one branch, "&&" or ";", and nothing else.
bool is_joined(const Script& script, const ShellCommand& before, const ShellCommand& command) {
  if (before.span.end > command.span.begin) return false;
  const auto between = trim_unicode(script.text.view({before.span.end, command.span.begin}));
  return between == "&&" || between == ";";
}

// Whether "&&" or ";" follows the command in its branch: it neither runs in the background nor feeds a pipe.
bool goes_on(const Script& script, const ShellCommand& command) {
  const auto end = script.chain[command.element].span.end;
  if (command.span.end >= end) return false;
  const auto rest = trim_unicode(script.text.view({command.span.end, end}));
  return rest.starts_with(';') || rest.starts_with("&&");
}

// The commands of the choice after its builds, each of which is the end of its branch; nothing where one of them is not
// after a build, or another build after it.
std::optional<std::vector<const ShellCommand*>> commands_after_builds(const Site& site, const ToolUse& use) {
  const auto& script = *site.step.script;
  std::vector<const ShellCommand*> after;
  const ShellCommand* last = nullptr;
  for (const auto& each : script.commands) {
    if (each.element != use.command->element) continue;
    const bool follows = last != nullptr && is_joined(script, *last, each);
    const bool builds = builds_alike(use, each);
    if (builds && follows && !after.empty() && after.back() == last) return std::nullopt;
    if (builds || (last == nullptr && asks_for_value(site.file.facts(), each))) {
      if (builds) last = &each;
      continue;
    }
    if (!follows) {
      if (!asks_for_value(site.file.facts(), each)) return std::nullopt;
      last = nullptr;
      continue;
    }
    // `cargo clean`, for one, would come too late for what is made before the choice.
    if (each.use != nullptr || each.nested || each.piped || !each.redirects.empty() || !goes_on(script, each))
      return std::nullopt;
    after.push_back(last = &each);
  }
  return after;
}

}  // namespace

const ChainElement* choice_of_builds(const Site& site, const ToolUse& use) {
  const auto& script = *site.step.script;
  const auto& command = *use.command;
  if (command.branches.empty() || command.nested || !script.is_straight()) return nullptr;
  const auto& element = script.chain[command.element];
  const auto text = script.text.view(element.span);
  if (!text.starts_with("if ") || text.find('\n') != text.npos) return nullptr;
  return commands_after_builds(site, use) ? &element : nullptr;
}

std::string text_of_choice(const Site& site, const ToolUse& use, const ChainElement& choice) {
  const auto& script = *site.step.script;
  auto text = std::string(script.text.view(choice.span));
  auto after = commands_after_builds(site, use).value_or(std::vector<const ShellCommand*>());
  std::ranges::reverse(after);
  for (const auto* each : after) {
    const auto begin = each->span.begin - choice.span.begin, end = each->span.end - choice.span.begin;
    const auto joint = text.find_last_of("&;", begin - 1);
    const auto first = text[joint] == '&' ? joint - 1 : joint;
    text.erase(first, end - first);
    while (first > 0 && first < text.size() && text[first] == ';' && text[first - 1] == ' ') text.erase(first - 1, 1);
  }
  return text;
}

}  // namespace dockhew::inline ecosystems
