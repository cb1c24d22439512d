#include "effects/effects.hpp"

#include <algorithm>
#include <iterator>

#include "text/path.hpp"

namespace dockhew::inline effects {

bool AffectedPaths::may_be_anywhere() const {
  return anything ||
         std::ranges::any_of(paths, [](const AffectedPath& affected) { return affected.path.starts_with('~'); });
}

void AffectedPaths::add(const ShellCommand& command, const ShellWord& word, std::string text) {
  if (word.raw == "-") return;
  auto path = path_of(command, word);
  const bool at_home = word.value.is_known() && (word.raw == "~" || word.raw.starts_with("~/"));
  if (at_home) path = clean_path(word.text());
  if (path) paths.push_back({std::move(*path), word.span, std::move(text)});
  else anything = true;
}

void AffectedPaths::add(const AffectedPaths& others) {
  paths.insert(paths.end(), others.paths.begin(), others.paths.end());
  anything |= others.anything;
}

bool Effects::only_prints() const {
  for (const auto* affected : {&writes, &changes, &removes, &modes, &owners})
    if (affected->anything || !affected->paths.empty()) return false;
  return !changes_shell;
}

void Effects::add(const Effects& others) {
  reads.add(others.reads);
  writes.add(others.writes);
  changes.add(others.changes);
  removes.add(others.removes);
  modes.add(others.modes);
  owners.add(others.owners);
  changes_shell |= others.changes_shell;
}

void Effects::resolve_home(std::string_view home) {
  for (auto* affected : {&reads, &writes, &changes, &removes, &modes, &owners})
    for (auto& each : affected->paths)
      if (each.path.starts_with('~')) each.path = clean_path(std::string(home) + each.path.substr(1));
}

Effects unknown_effects() {
  Effects effects;
  for (auto* affected :
       {&effects.reads, &effects.writes, &effects.changes, &effects.removes, &effects.modes, &effects.owners})
    affected->anything = true;
  return effects;
}

bool makes_executable(std::string_view mode) {
  if (mode.empty()) return false;
  if (mode.find_first_not_of("01234567") == mode.npos)
    return mode.size() >= 3 && std::ranges::all_of(mode.substr(mode.size() - 3), [](char c) { return (c & 1) != 0; });
  const auto sign = mode.find_first_of("+=");
  const bool everybody = sign == 0 || mode.substr(0, sign).find('a') != mode.npos;
  return sign != mode.npos && everybody && mode.find('x', sign) != mode.npos;
}

std::string without_wildcards(std::string_view path) {
  const auto wild = path.find_first_of("*?[");
  if (wild == path.npos) return std::string(path);
  return std::string(path_parent(std::string(path.substr(0, wild)) + 'x'));
}

std::vector<Value> option_values(const ShellCommand& command, std::string_view option) {
  std::vector<Value> values;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const auto& word = command.words[i];
    if (word.raw == option && i + 1 < command.words.size()) values.push_back(command.words[i + 1].value);
    else if (word.raw.starts_with(option) && std::string_view(word.raw).substr(option.size()).starts_with('='))
      values.push_back(word.value.is_known() ? Value::known(word.text().substr(option.size() + 1)) : Value::unknown());
  }
  return values;
}

}  // namespace dockhew::inline effects
