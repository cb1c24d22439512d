#include "ecosystems/toolchain_changes.hpp"

#include <algorithm>
#include <string_view>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/system/absent_programs.hpp"
#include "effects/source_copy.hpp"
#include "effects/source_parts.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

struct Sought {
  const Tool& tool;
  Words words;
  const std::string& file;
};

bool is_named(std::string_view text, const Sought& sought) {
  const auto has = [&](std::string_view word) { return text.find(word) != text.npos; };
  return (!sought.file.empty() && has(path_basename(sought.file))) || std::ranges::any_of(sought.words, has);
}

// What the tool itself builds or fetches leaves its manifests as they are.
bool changes(const Site& at, const ShellCommand& command, const Sought& sought) {
  const auto* use = command.use;
  if (use != nullptr && use->tool == &sought.tool &&
      (use->action->kind == ActionKind::build || use->action->kind == ActionKind::fetch))
    return false;
  const bool of_system = use != nullptr && use->tool->packages.of_system;  // which writes into no project
  return may_bring_anything(at.file.facts(), command) ||
         (!sought.file.empty() && !of_system && may_write_file(at, command, sought.file));
}

// Files of another image or stage may be a toolchain where these lie, and may be the file itself.
bool copies_other(const Copy& copy, const Sought& sought) {
  constexpr std::string_view places[] = {"/home", "/opt", "/root", "/usr"};
  if (copy.from_context()) return false;
  if (!copy.destination.is_known()) return true;
  const auto& to = copy.destination.text;
  const bool is_file =
      !sought.file.empty() && (path_is_under(sought.file, to) || path_is_under(to, path_parent(sought.file)));
  return is_file || std::ranges::any_of(places, [&](std::string_view place) { return path_is_under(to, place); });
}

bool changes(const Site& at, const Sought& sought) {
  const auto& step = at.step;
  if (step.copy) return copies_other(*step.copy, sought);
  const auto keyword = step.instruction->keyword;
  const bool speaks = keyword == Keyword::run || keyword == Keyword::env || keyword == Keyword::arg;
  if (speaks && is_named(step.instruction->text.view(), sought)) return true;
  if (keyword != Keyword::run) return false;
  return !step.script || step.script->opaque ||
         std::ranges::any_of(step.script->commands,
                             [&](const ShellCommand& command) { return changes(at, command, sought); });
}

}  // namespace

bool may_find_other(const Site& site, const ToolUse& use, Words words, const std::string& file) {
  const Sought sought{*use.tool, words, file};
  const auto& script = *site.step.script;
  const auto& command = *use.command;
  if (is_named(script.text.view().substr(0, command.span.begin), sought)) return true;
  for (const auto& each : script.commands) {
    if (&each == &command) break;
    if (changes(site, each, sought)) return true;
  }
  return site.any_earlier({"may bring another ", use.tool->id, ", or write ", file},
                          [&](const Site& earlier) { return changes(earlier, sought); });
}

bool finds_as_written(const Site& site, const ToolUse& use, Words words, const std::string& path) {
  const auto& directory = use.command->directory;
  if (!directory.is_known() || has_bind_mount(site.step)) return false;
  const auto place = resolve_path(directory.text, path_basename(path));
  return is_brought(site, directory.text, path) && file_in_context(site, place) == path &&
         !may_find_other(site, use, words, place);
}

}  // namespace dockhew::inline ecosystems
