#include "ecosystems/system/package_sources.hpp"

#include <algorithm>

#include "effects/unix_effects.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::size_t longest_shown = 60;
constexpr std::string_view special_options[] = {"--default-release", "--repository", "--target-release", "-X", "-t"};

bool is_source_directory(std::string_view path) {
  constexpr std::string_view directories[] = {"/etc/apk", "/etc/apt", "/usr/share/keyrings"};
  return !path_is_under(path, "/etc/apt/apt.conf.d") &&
         std::ranges::any_of(directories, [&](std::string_view each) { return path_is_under(path, each); });
}

bool adds_source(const Facts& facts, const Script& script, const ShellCommand& command) {
  constexpr std::string_view marks[] = {"/etc/apk/keys", "/etc/apk/repositories", "/keyrings/", "add-apt-repository",
                                        "apt-key",       "sources.list",          "trusted.gpg"};
  if (has_operands(facts, command, {Operands::changed, Operands::removed})) return false;
  const auto text = script.text.view(command.span);
  return std::ranges::any_of(marks, [&](std::string_view mark) { return text.find(mark) != text.npos; });
}

}  // namespace

std::string added_source(const Facts& facts, const Step& step) {
  if (step.copy && step.copy->destination.is_known() && is_source_directory(step.copy->destination.text))
    return step.copy->destination.text;
  if (!step.script) return {};
  for (const auto& command : step.script->commands)
    if (adds_source(facts, *step.script, command))
      return first_words(step.script->text.view(command.span), longest_shown);
  return {};
}

std::string download_setting(const Step& step) {
  const auto is_proxy = [](std::string_view name) { return to_lower_ascii(name).ends_with("_proxy"); };
  const auto& instruction = *step.instruction;
  for (const auto& pair : instruction.pairs)
    if (instruction.keyword == Keyword::env && is_proxy(pair.name)) return pair.name;
  for (const auto& argument : instruction.arguments)
    if (const auto name = argument.text.substr(0, argument.text.find('='));
        instruction.keyword == Keyword::arg && is_proxy(name))
      return name;
  if (!step.copy || !step.copy->destination.is_known()) return {};
  constexpr std::string_view directories[] = {"/etc/apk", "/etc/apt", "/etc/ssl", "/usr/local/share/ca-certificates"};
  const auto& to = step.copy->destination.text;
  const auto is_below = [&](std::string_view directory) { return path_is_under(to, directory); };
  return std::ranges::any_of(directories, is_below) ? "COPY … " + to : std::string();
}

std::string special_installation(const Step& step) {
  if (!step.script) return {};
  for (const auto& use : step.script->uses) {
    if (!use.tool->packages.of_system || use.action->kind != ActionKind::install) continue;
    const auto named = [&](std::string_view option) { return use.has_option(option); };
    const auto is_path = [&](std::size_t i) { return use.command->words[i].raw.find('/') != std::string::npos; };
    const bool is_special = use.command->conditional || std::ranges::any_of(special_options, named) ||
                            std::ranges::any_of(use.operands, is_path);
    if (is_special) return first_words(step.script->text.view(use.command->span), longest_shown);
  }
  return {};
}

}  // namespace dockhew::inline ecosystems
