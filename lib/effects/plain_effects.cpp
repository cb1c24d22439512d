#include "effects/plain_effects.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "effects/command_words.hpp"
#include "effects/effects.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline effects {
namespace {

// `s/a/b/g`: `e` would run a command, and `w` write another file.
bool is_substitution(std::string_view script) {
  constexpr std::string_view usual_delimiters = "!#%+,/:;=@_|~";
  if (script.size() < 4 || script[0] != 's' || usual_delimiters.find(script[1]) == script.npos) return false;
  const char delimiter = script[1];
  std::size_t delimiters = 0, at = 1;
  for (; at < script.size() && delimiters < 3; ++at) {
    if (script[at] == '\\' || script[at] == '\n') {
      if (script[at] == '\n') return false;
      ++at;
    } else if (script[at] == delimiter) {
      ++delimiters;
    }
  }
  return delimiters == 3 && script.substr(at).find_first_not_of("0123456789gIip") == script.npos;
}

// What package managers are told in the directories of the system counts for what is installed afterwards.
bool is_of_system(std::string_view path) {
  constexpr std::string_view directories[] = {"/bin",  "/dev",  "/etc", "/lib", "/lib64", "/proc",
                                              "/root", "/sbin", "/sys", "/usr", "/var"};
  constexpr std::string_view own[] = {"/usr/local/bin", "/usr/src", "/var/www"};
  const auto is_under = [&](std::string_view directory) { return path_is_under(path, directory); };
  return std::ranges::none_of(own, is_under) && std::ranges::any_of(directories, is_under);
}

// The files in which a command makes substitutions; empty for any other command, and where they are not known.
std::vector<std::string> substituted_files(const Facts& facts, const ShellCommand& command) {
  const auto* row = facts.unix_command(command.name());
  if (row == nullptr || !row->pattern || row->in_place_options.empty()) return {};
  if (!read_words(*row, command).has_any(row->in_place_options)) return {};
  constexpr std::string_view options[] = {"--in-place", "-E", "-Ei", "-i", "-r", "-ri"};
  std::vector<std::string> files;
  bool has_script = false, script_follows = false;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const auto& word = command.words[i];
    if (!word.value.is_known()) return {};
    const auto& text = word.text();
    if (text == "-e" && files.empty()) {
      script_follows = true;
    } else if (text.starts_with('-')) {
      if (std::ranges::find(options, text) == std::end(options)) return {};
    } else if (script_follows || !has_script) {
      if (!is_substitution(text)) return {};
      has_script = true, script_follows = false;
    } else {
      auto path = path_of(command, word);
      if (!path || path->find_first_of("*?[") != path->npos) return {};
      files.push_back(*std::move(path));
    }
  }
  return files;
}

// `git config --global user.name a`: it writes the settings of a user or of the system, whatever the project is. Of
// these settings none names a file, as `core.sshCommand` and `include.path` may.
bool sets_git_up(const Facts& facts, const ShellCommand& command) {
  constexpr std::string_view settings[] = {"advice.", "core.autocrlf",  "http.sslverify", "init.defaultbranch",
                                           "pull.",   "safe.directory", "url.",           "user."};
  const auto* row = facts.unix_command(command.name());
  if (row == nullptr || row->operands != Operands::cloned || command.words.size() < 2) return false;
  const auto says = [&](std::string_view option) {
    return std::ranges::any_of(command.words, [&](const ShellWord& word) { return word.value.is(option); });
  };
  const auto key = std::find_if(command.words.begin() + 2, command.words.end(),
                                [](const ShellWord& word) { return !word.raw.starts_with('-'); });
  if (!command.words[1].value.is("config") || (!says("--global") && !says("--system")) || key == command.words.end())
    return false;
  const auto name = key->value.is_known() ? to_lower_ascii(key->text()) : std::string();
  return std::ranges::any_of(settings, [&](std::string_view each) { return name.starts_with(each); });
}

}  // namespace

bool only_substitutes(const Facts& facts, const ShellCommand& command) {
  return !substituted_files(facts, command).empty();
}

bool has_plain_effects(const Facts& facts, const ShellCommand& command) {
  if (facts.is_plain(command.name()) || sets_git_up(facts, command)) return true;
  const auto files = substituted_files(facts, command);
  return !files.empty() && std::ranges::none_of(files, is_of_system);
}

}  // namespace dockhew::inline effects
