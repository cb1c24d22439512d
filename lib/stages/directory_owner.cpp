#include "stages/directory_owner.hpp"

#include <algorithm>

#include "model/user.hpp"
#include "text/path.hpp"

namespace dockhew {
namespace {

bool is_recursive(const ShellCommand& command) {
  return std::ranges::any_of(command.words, [](const ShellWord& word) {
    const std::string_view raw = word.raw;
    return raw == "--recursive" || (raw.starts_with('-') && !raw.starts_with("--") && raw.find('R') != raw.npos);
  });
}

// The owner that `chown -R node:node /app` sets, if it affects the directory.
std::string given_to(const ShellCommand& command, const std::string& directory) {
  std::string owner;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const auto& word = command.words[i];
    if (word.raw.starts_with('-')) continue;
    if (owner.empty()) owner = word.raw;
    else if (const auto path = path_of(command, word);
             path && (*path == directory || (is_recursive(command) && path_is_under(directory, *path))))
      return owner;
  }
  return {};
}

}  // namespace

Outcome<std::optional<std::string>> find_directory_owner(const Stage& stage, const std::vector<bool>& copied,
                                                         const std::string& directory) {
  std::string owner;
  bool is_there = false;
  for (std::size_t i = 0; i < stage.steps.size(); ++i) {
    const auto& step = stage.steps[i];
    const auto& workdir = i + 1 < stage.steps.size() ? stage.steps[i + 1].workdir : stage.workdir;
    if (step.instruction->keyword == Keyword::workdir) is_there |= path_is_under(workdir.text, directory);
    // What creates the directory gives it an owner; what is put into it later does not.
    if (step.copy && !is_there && path_is_under(step.copy->destination.text, directory)) {
      is_there = true;
      const auto* flag = step.instruction->flag("chown");
      if (copied[i] && flag != nullptr) owner = flag->value;
    }
    if (!step.script) continue;
    for (const auto& command : step.script->commands) {
      if (command.name() != "chown") continue;
      if (auto other = given_to(command, directory); !other.empty()) owner = copied[i] ? std::move(other) : "";
    }
  }
  if (owner.empty() || is_root(Value::known(owner.substr(0, owner.find(':'))))) return std::optional<std::string>();
  if (owner.find_first_of("$`\"'") != std::string::npos)
    return Declined{"the owner of `" + directory + "` is not known"};
  return std::optional(std::move(owner));
}

}  // namespace dockhew
