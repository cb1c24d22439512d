#include "caches/made_directories.hpp"

#include <algorithm>

#include "caches/mount_parents.hpp"
#include "ecosystems/ecosystem.hpp"
#include "effects/account_words.hpp"
#include "effects/accounts.hpp"
#include "effects/command_words.hpp"
#include "effects/unix_effects.hpp"
#include "model/image_directories.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"

namespace dockhew::inline caches {

namespace {

// What an installer is told to make: `bash miniconda.sh -b -p /opt/conda`.
std::optional<std::string> named_above(const Site& site, const ShellCommand& command,
                                       const std::vector<std::string>& directories) {
  if (starts_no_tool(site.file.facts(), command) || runs_no_tool(command)) return std::nullopt;
  for (const auto& word : command.words) {
    if (!word.value.is_known() || !word.text().starts_with('/') || is_in_every_image(clean_path(word.text()))) continue;
    const auto path = clean_path(word.text());
    const auto is_above = [&](const std::string& directory) { return path_is_under(directory, path); };
    if (std::ranges::any_of(directories, is_above) && !is_there(site, path)) return word.raw;
  }
  return std::nullopt;
}

// The home of a user whom the command creates with it: `useradd -m -d /go app` leaves a directory that is there alone.
std::optional<std::string> home_above(const Site& site, const ShellCommand& command,
                                      const std::vector<std::string>& directories) {
  const auto home = named_home(command);
  if (!home.is_known()) return std::nullopt;
  const auto& path = home.text;
  const auto is_above = [&](const std::string& directory) { return path_is_under(directory, path); };
  if (is_there(site, path) || std::ranges::none_of(directories, is_above)) return std::nullopt;
  return path;
}

// `for d in /root/.cache /var/x; do mkdir $d; done`: whether the RUN has a directory above one of them in its words.
// No path is longer than a system takes; of one that says it is, nothing is known.
bool names_above(const Site& site, const std::vector<std::string>& directories) {
  const auto text = site.step.script->text.view();
  const auto names_one = [&](std::string_view directory) {
    if (directory.size() > limits::longest_path) return true;
    for (auto at = text.find('/'); at != text.npos; at = text.find('/', at + 1)) {
      const auto rest = text.substr(at);
      const auto size = static_cast<std::size_t>(std::ranges::mismatch(rest, directory).in1 - rest.begin());
      const bool whole = size == directory.size() || directory[size] == '/';
      const bool ends = size == rest.size() || std::string_view(" \t\n\r;\"')").find(rest[size]) != rest.npos;
      if (whole && ends && size > 0 && !is_in_every_image(directory.substr(0, size))) return true;
    }
    return false;
  };
  return std::ranges::any_of(directories, names_one);
}

// Whether what the command makes must not be there before, or must not be a directory: where the image has it already,
// a copy goes into it either way.
bool needs_place(const Site& site, const ShellCommand& command, bool makes_directories, const std::string& path) {
  const auto& facts = site.file.facts();
  if (makes_directories && has_operands(facts, command, {Operands::written})) return !makes_parents(facts, command);
  if (has_operands(facts, command, {Operands::cloned})) return true;
  return has_operands(facts, command, {Operands::copied, Operands::linked, Operands::moved}) && !is_there(site, path);
}

}  // namespace

std::optional<std::string> makes_above(const Site& site, const std::vector<std::string>& directories) {
  const auto& script = *site.step.script;
  std::optional<bool> named;  // filled when it is needed
  for (const auto& command : script.commands) {
    if (command.use != nullptr || command.words.empty()) continue;
    if (auto told = named_above(site, command, directories)) return told;
    if (auto home = home_above(site, command, directories)) return home;
    auto effects = unix_effects(site.file.facts(), command);
    if (const auto home = home_of(site); home.is_known()) effects.resolve_home(home.text);
    if (effects.makes_directories && effects.writes.anything && !makes_parents(site.file.facts(), command)) {
      if (!named) named = names_above(site, directories);
      if (*named) return std::string(script.text.view(command.span));
    }
    for (const auto& made : effects.writes.paths) {
      const auto is_above = [&](const std::string& directory) { return path_is_under(directory, made.path); };
      if (std::ranges::any_of(directories, is_above) &&
          needs_place(site, command, effects.makes_directories, made.path))
        return std::string(script.text.view(made.span));
    }
  }
  return std::nullopt;
}

}  // namespace dockhew::inline caches
