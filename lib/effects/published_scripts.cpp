#include "effects/published_scripts.hpp"

#include <algorithm>
#include <string_view>

#include "effects/unix_effects.hpp"

namespace dockhew::inline effects {
namespace {

bool is_shell(const ShellCommand& command) {
  constexpr std::string_view shells[] = {"ash", "bash", "dash", "sh", "zsh"};
  return command.use == nullptr && std::ranges::find(shells, command.name()) != std::end(shells);
}

// Whether one of the words is the address of a script of the tables.
bool names_published(const Facts& facts, const ShellCommand& command) {
  const auto is_in = [&](const ShellWord& word) {
    const auto has = [&](std::string_view address) { return word.raw.find(address) != word.raw.npos; };
    return std::ranges::any_of(facts.bystander_scripts, has) || std::ranges::any_of(facts.vendor_scripts, has);
  };
  return std::ranges::any_of(command.words, is_in);
}

// The first word of a shell that is no option: a file with a script. Null without one, as for `bash -s -- -y`.
const ShellWord* script_file(const ShellCommand& shell) {
  for (std::size_t i = 1; i < shell.words.size(); ++i) {
    const auto& word = shell.words[i];
    if (word.raw == "-s" || word.raw == "-" || word.raw == "--") return nullptr;
    if (!word.raw.starts_with('-')) return &word;
  }
  return nullptr;
}

const ShellCommand* feeding_download(const Facts& facts, const Script& script, const ShellCommand& shell) {
  if (!shell.piped || !is_shell(shell) || script_file(shell) != nullptr) return nullptr;
  const auto feeds = [&](const ShellCommand& other) {
    return other.piped && other.element == shell.element && &other < &shell && downloads(facts, other);
  };
  const auto found = std::ranges::find_if(script.commands, feeds);
  return found == script.commands.end() ? nullptr : &*found;
}

// `curl -o setup.sh https://deb.nodesource.com/setup_20.x && bash setup.sh`
bool runs_downloaded_file(const Facts& facts, const Script& script, const ShellCommand& shell) {
  const auto* file = is_shell(shell) ? script_file(shell) : nullptr;
  if (file == nullptr || !file->value.is_known()) return false;
  return std::ranges::any_of(script.commands, [&](const ShellCommand& other) {
    return &other < &shell && downloads(facts, other) && names_published(facts, other) &&
           other.directory == shell.directory &&
           std::ranges::any_of(other.words, [&](const ShellWord& word) { return word.raw == file->raw; });
  });
}

}  // namespace

bool downloads(const Facts& facts, const ShellCommand& command) {
  const auto* row = facts.unix_command(command.name());
  const auto has = [&](std::string_view text) {
    return std::ranges::any_of(command.words,
                               [&](const ShellWord& word) { return word.raw.find(text) != std::string::npos; });
  };
  return row != nullptr && row->bystander && has("://") && !has("@");
}

bool runs_download(const Facts& facts, const Script& script, const ShellCommand& command) {
  return feeding_download(facts, script, command) != nullptr;
}

std::optional<Effects> published_script_effects(const Facts& facts, const Script& script, const ShellCommand& command) {
  const auto* feeding = feeding_download(facts, script, command);
  if (feeding != nullptr ? !names_published(facts, *feeding) : !runs_downloaded_file(facts, script, command))
    return std::nullopt;
  Effects effects;
  effects.writes.paths.push_back({"~", command.span, {}});
  // `sh -s -- --to /usr/local/bin`
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const auto& word = command.words[i];
    if (!word.value.is_known()) return std::nullopt;
    if (word.text().find('/') == std::string::npos) continue;
    const auto equals = word.text().find('=');
    if (equals != std::string::npos && word.text().find('/') > equals) {
      auto value = word;
      value.value = Value::known(word.text().substr(equals + 1));
      effects.writes.add(command, value);
    } else {
      (feeding == nullptr && &word == script_file(command) ? effects.reads : effects.writes).add(command, word);
    }
  }
  add_surroundings(effects, command);
  return effects;
}

}  // namespace dockhew::inline effects
