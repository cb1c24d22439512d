#include "ecosystems/settings_command.hpp"

#include <algorithm>

#include "ecosystems/manifests.hpp"
#include "model/context_path.hpp"

namespace dockhew {
namespace {

// Where a package manager writes what it is told beside the project: perhaps, with an option, or without one. Else it
// goes to the user's home.
struct SettingsFile {
  std::string_view command, name, with, without;
};

constexpr SettingsFile settings_files[] = {
    {"bundle", ".bundle/config", "", ""},
    {"composer", "composer.json", "", "-g"},
    {"npm", ".npmrc", "--location", ""},
    {"npm", ".npmrc", "-L", ""},
    {"pip", "pip.conf", "--site", ""},
    {"pnpm", ".npmrc", "", ""},
    {"poetry", "poetry.toml", "--local", ""},
    {"yarn", ".yarnrc.yml", "", ""},
    {"yarn", ".yarnrc", "", ""},
};

bool writes_beside_project(const ShellCommand& command, const SettingsFile& file) {
  const auto has = [&](std::string_view option) {
    return std::ranges::any_of(command.words, [&](const ShellWord& word) { return word.raw.starts_with(option); });
  };
  return file.without.empty() ? file.with.empty() || has(file.with) : !has(file.without) && !has("--global");
}

}  // namespace

bool is_settings_command(const ShellCommand& command) {
  return command.words.size() > 1 && command.words[1].value.is("config") &&
         std::ranges::find(settings_files, command.name(), &SettingsFile::command) != std::end(settings_files);
}

bool only_sets_settings(const Dockerfile& file, const ShellCommand& command,
                        const std::optional<std::string>& directory) {
  if (!is_settings_command(command)) return false;
  if (command.nested || command.conditional || command.piped || !command.redirects.empty()) return false;
  if (!std::ranges::all_of(command.words, [](const ShellWord& word) { return word.value.is_known(); })) return false;
  return std::ranges::none_of(settings_files, [&](const SettingsFile& each) {
    return each.command == command.name() && writes_beside_project(command, each) &&
           (!directory || !file.context().is_known() ||
            file.context().exists(join_context_path(*directory, each.name)));
  });
}

}  // namespace dockhew
