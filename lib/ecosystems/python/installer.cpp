#include "ecosystems/python/installer.hpp"

#include <algorithm>

#include "ecosystems/build_effects.hpp"

namespace dockhew::inline ecosystems {

// It makes an environment of its own below the home directory, or where POETRY_HOME says, and links the program.
std::optional<Effects> poetry_installer_effects(const Script& script, const ShellCommand& command) {
  if (command.name() != "python" || !command.piped || command.element >= script.chain.size()) return std::nullopt;
  const auto text = script.text.view(script.chain[command.element].span);
  if (text.find("install.python-poetry.org") == text.npos) return std::nullopt;
  const auto is_option = [](const ShellWord& word) { return word.value.is_known() && word.raw.starts_with('-'); };
  const auto& words = command.words;
  const bool fed = words.size() == 1 || std::ranges::all_of(words.begin() + 1, words.end(), is_option) ||
                   (words.size() == 4 && words[2].value.is("--version"));
  if (!fed) return std::nullopt;
  Effects effects;
  for (const auto* directory : {"~/.local", "~/.cache"}) add_path(effects.writes, command, directory);
  const auto home = std::ranges::find(command.assignments, "POETRY_HOME", &ShellAssignment::name);
  if (home != command.assignments.end()) add_value(effects.writes, command, home->value.value);
  return effects;
}

}  // namespace dockhew::inline ecosystems
