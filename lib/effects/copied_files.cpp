#include "effects/copied_files.hpp"

#include <algorithm>

#include "model/image_directories.hpp"
#include "text/path.hpp"

namespace dockhew {
namespace {

// Directories that every image has, or that this one creates.
bool is_directory(const Stage& stage, const std::string& path) {
  if (is_in_every_image(path)) return true;
  return std::ranges::any_of(stage.steps, [&](const Step& step) {
    if (step.workdir.is(path)) return true;
    return step.script && std::ranges::any_of(step.script->commands, [&](const ShellCommand& command) {
             return command.name() == "mkdir" && std::ranges::any_of(command.words, [&](const ShellWord& word) {
                      return path_of(command, word) == path;
                    });
           });
  });
}

}  // namespace

std::vector<std::string> find_copied_files(const Stage& stage, const ShellCommand& command) {
  std::vector<const ShellWord*> operands;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const std::string_view raw = command.words[i].raw;
    if (raw.starts_with("-t") || raw.starts_with("--target-directory") || raw == "-d" || raw == "--parents") return {};
    if (command.name() == "install" && (raw == "-m" || raw == "-o" || raw == "-g")) ++i;
    else if (!raw.starts_with('-')) operands.push_back(&command.words[i]);
  }
  if (operands.size() < 2) return {};
  const auto destination = path_of(command, *operands.back());
  if (!destination) return {};
  const bool slash = operands.back()->raw.ends_with('/');
  operands.pop_back();
  if (operands.size() == 1 && !slash && !is_directory(stage, *destination)) return {*destination};
  std::vector<std::string> paths;
  for (const auto* source : operands) {
    const auto path = path_of(command, *source);
    const auto name = path ? path_basename(*path) : std::string_view();
    if (name.empty() || name.find_first_of("*?[") != name.npos || source->raw.ends_with("/.") || source->raw == ".")
      return {};
    paths.push_back((*destination == "/" ? "" : *destination) + '/' + std::string(name));
  }
  return paths;
}

}  // namespace dockhew
