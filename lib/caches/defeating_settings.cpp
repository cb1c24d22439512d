#include "caches/defeating_settings.hpp"

#include <algorithm>
#include <string_view>

#include "edits/run_edits.hpp"
#include "effects/environment.hpp"

namespace dockhew::inline caches {
namespace {

bool defeats(const Tool& tool, const Value& value) {
  if (!value.is_known()) return false;
  return tool.cache_defeat.any_value ? !value.text.empty() : !is_switched_off(value);
}

std::string quoted(std::string_view name) { return "`" + std::string(name) + "`"; }

// That of `env NAME=value` is a word as a whole.
std::uint32_t begin_of(const ShellAssignment& assignment) {
  const auto& value = assignment.value;
  const bool word = value.raw.starts_with(assignment.name + '=');
  return value.span.begin - (word ? 0 : static_cast<std::uint32_t>(assignment.name.size() + 1));
}

// Of one command: from the name up to what follows, so that a continued line stays one.
void remove_assignment(const Script& script, const ShellCommand& command, std::string_view name, DefeatingPart& part) {
  if (command.nested) return void(part.obstacle = Declined{"the command is inside a quoted script"});
  std::vector<std::uint32_t> places = {command.words[0].span.begin};
  for (const auto& word : command.wrappers) places.push_back(word.span.begin);
  for (const auto& assignment : command.assignments) places.push_back(begin_of(assignment));
  std::ranges::sort(places);
  for (const auto& assignment : command.assignments) {
    if (assignment.name != name) continue;
    const auto begin = begin_of(assignment);
    part.edits.push_back({script.to_source(Span{begin, *std::ranges::upper_bound(places, begin)}), ""});
  }
}

// `export NAME=value`, alone or with others.
void remove_export(const Script& script, const ShellCommand& command, std::string_view name, DefeatingPart& part) {
  const auto setting = std::string(name) + '=';
  const auto word =
      std::ranges::find_if(command.words, [&](const ShellWord& w) { return w.text().starts_with(setting); });
  if (word == command.words.end() || !command.assignments.empty())
    part.obstacle = Declined{quoted(name) + " is set by a command that cannot be edited"};
  else if (command.words.size() == 2) remove_element(script, command, part);
  else if (command.nested) part.obstacle = Declined{quoted(command.words[0].raw) + " is inside a quoted script"};
  else part.edits.push_back(remove_word(script, *word));
}

// Removes what the RUN sets for itself.
void remove_setting(const Script& script, std::string_view name, const Variable& variable, DefeatingPart& part) {
  if (!variable.value.is_known()) part.obstacle = Declined{"whether " + quoted(name) + " is set here is not known"};
  else if (variable.setter == Setter::command) remove_assignment(script, *variable.by, name, part);
  else remove_export(script, *variable.by, name, part);
}

// What ENV says stays for the container; a command that sets the variable to nothing has the cache. Nothing where
// something stands between the shell and the command, which may not pass it on.
bool set_to_nothing(const Site& site, const Tool& tool, std::string_view name, DefeatingPart& part) {
  const auto& script = *site.step.script;
  if (!tool.cache_defeat.any_value) return false;
  for (const auto& use : site.uses()) {
    if (use.tool != &tool || !use.uses_cache()) continue;
    if (use.command->nested || !use.command->wrappers.empty()) return false;
    const auto begin = use.command->words[0].span.begin;
    part.edits.push_back({script.to_source(Span{begin, begin}), std::string(name) + "= "});
  }
  return true;
}

DefeatingPart part_of(const Site& site, const Tool& tool, std::string_view name, const Variable& variable) {
  const auto& script = *site.step.script;
  DefeatingPart part;
  part.defeat.message = quoted(name) + " keeps " + std::string(tool.title) + " from using the cache mount";
  part.defeat.span = variable.by != nullptr ? script.to_source(variable.by->span) : site.step.instruction->keyword_span;
  if (variable.by != nullptr) remove_setting(script, name, variable, part);
  else if (!set_to_nothing(site, tool, name, part))
    part.obstacle = Declined{quoted(name) + " is set to `" + variable.value.text +
                             "` in the environment, and removing it would change the image"};
  return part;
}

}  // namespace

std::vector<DefeatingPart> defeating_settings(const Site& site, const Tool& tool) {
  std::vector<DefeatingPart> parts;
  for (const auto& name : tool.cache_defeat.variables) {
    std::vector<const ShellCommand*> seen;  // null stands for the file
    for (const auto& use : site.uses()) {
      if (use.tool != &tool || !use.uses_cache()) continue;
      const auto variable = find_variable(site, *use.command, name);
      const bool may_be_set = variable.by != nullptr && variable.value.is_unknown();
      if (!may_be_set && !defeats(tool, variable.value)) continue;
      if (std::ranges::find(seen, variable.by) != seen.end()) continue;
      seen.push_back(variable.by);
      parts.push_back(part_of(site, tool, name, variable));
    }
  }
  return parts;
}

}  // namespace dockhew::inline caches
