#include "ecosystems/build_choice.hpp"

#include <algorithm>

#include "effects/unix_effects.hpp"

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

}  // namespace

const ChainElement* choice_of_builds(const Site& site, const ToolUse& use) {
  const auto& script = *site.step.script;
  const auto& command = *use.command;
  if (command.branches.empty() || command.nested || !script.is_straight()) return nullptr;
  const auto& element = script.chain[command.element];
  const auto text = script.text.view(element.span);
  if (!text.starts_with("if ") || text.find('\n') != text.npos) return nullptr;
  for (const auto& each : script.commands)
    if (each.element == command.element && !builds_alike(use, each) && !asks_for_value(site.file.facts(), each))
      return nullptr;
  return &element;
}

}  // namespace dockhew::inline ecosystems
