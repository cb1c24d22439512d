#include "effects/copied_files.hpp"

#include <algorithm>

#include "effects/command_words.hpp"
#include "effects/unix_effects.hpp"
#include "model/image_directories.hpp"
#include "text/path.hpp"

namespace dockhew::inline effects {
namespace {

bool makes_directory(const Facts& facts, const ShellCommand& command, const std::string& path) {
  const auto effects = unix_effects(facts, command);
  return effects.makes_directories &&
         std::ranges::any_of(effects.writes.paths, [&](const AffectedPath& made) { return made.path == path; });
}

// Directories that every image has, or that this one creates.
bool is_directory(const Facts& facts, const Stage& stage, const std::string& path) {
  if (is_in_every_image(path)) return true;
  return std::ranges::any_of(stage.steps, [&](const Step& step) {
    if (step.workdir.is(path)) return true;
    return step.script && std::ranges::any_of(step.script->commands, [&](const ShellCommand& command) {
             return makes_directory(facts, command, path);
           });
  });
}

}  // namespace

bool puts_files(const Facts& facts, const ShellCommand& command) {
  return facts.is_plain(command.name()) && has_operands(facts, command, {Operands::copied, Operands::moved});
}

std::vector<std::string> find_copied_files(const Facts& facts, const Stage& stage, const ShellCommand& command) {
  if (!puts_files(facts, command)) return {};
  const auto& row = *facts.unix_command(command.name());
  const auto words = read_words(row, command);
  // Where these put files depends on more than the last word.
  if (!words.into.empty() || words.has("--parents") || words.has_any(row.directory_options)) return {};
  auto operands = words.operands;
  if (operands.size() < 2) return {};
  const auto destination = path_of(command, operands.back());
  if (!destination) return {};
  const bool slash = operands.back().raw.ends_with('/');
  operands.pop_back();
  if (operands.size() == 1 && !slash && !is_directory(facts, stage, *destination)) return {*destination};
  std::vector<std::string> paths;
  for (const auto& source : operands) {
    const auto path = path_of(command, source);
    const auto name = path ? path_basename(*path) : std::string_view();
    if (name.empty() || name.find_first_of("*?[") != name.npos || source.raw.ends_with("/.") || source.raw == ".")
      return {};
    paths.push_back((*destination == "/" ? "" : *destination) + '/' + std::string(name));
  }
  return paths;
}

}  // namespace dockhew::inline effects
