#include "ecosystems/settings_command.hpp"

#include <algorithm>

#include "ecosystems/named_files.hpp"
#include "model/context_path.hpp"

namespace dockhew::inline ecosystems {
namespace {

bool writes_beside_project(const ShellCommand& command, const SettingsFile& file) {
  const auto has = [&](std::string_view option) {
    return std::ranges::any_of(command.words, [&](const ShellWord& word) { return word.raw.starts_with(option); });
  };
  return file.without.empty() ? file.with.empty() || has(file.with) : !has(file.without) && !has("--global");
}

}  // namespace

bool is_settings_command(const ShellCommand& command) {
  return command.words.size() > 1 && command.words[1].value.is("config") && command.use != nullptr &&
         !command.use->tool->project.settings_files.empty();
}

bool only_sets_settings(const Dockerfile& file, const ShellCommand& command,
                        const std::optional<std::string>& directory) {
  if (!is_settings_command(command)) return false;
  if (command.nested || command.conditional || command.piped || !command.redirects.empty()) return false;
  if (!std::ranges::all_of(command.words, [](const ShellWord& word) { return word.value.is_known(); })) return false;
  if (names_source(file, command, command.words.back(), directory.value_or(".")))
    return false;  // `npm config set cafile ci/ca.pem`
  return std::ranges::none_of(command.use->tool->project.settings_files, [&](const SettingsFile& each) {
    return writes_beside_project(command, each) && (!directory || !file.context().is_known() ||
                                                    file.context().exists(join_context_path(*directory, each.file)));
  });
}

}  // namespace dockhew::inline ecosystems
