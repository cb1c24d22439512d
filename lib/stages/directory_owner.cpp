#include "stages/directory_owner.hpp"

#include <algorithm>

#include "effects/command_words.hpp"
#include "effects/unix_effects.hpp"
#include "model/user.hpp"
#include "text/path.hpp"

namespace dockhew::inline stages {
namespace {

// The owner that `chown -R node:node /app` sets, as it is written, if it affects the directory. A change of the group
// alone is none.
std::string given_to(const Facts& facts, const ShellCommand& command, const std::string& directory) {
  if (!facts.is_plain(command.name()) || !has_operands(facts, command, {Operands::owned})) return {};
  const auto affects = [&](const AffectedPath& owned) {
    return owned.path == directory || (is_recursive(command) && path_is_under(directory, owned.path));
  };
  const auto words = read_words(*facts.unix_command(command.name()), command);
  const bool given = std::ranges::any_of(unix_effects(facts, command).owners.paths, affects);
  return given ? words.operands.front().raw : std::string();
}

}  // namespace

Outcome<std::optional<std::string>> find_directory_owner(const Facts& facts, const Stage& stage,
                                                         const std::vector<bool>& copied,
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
      if (auto other = given_to(facts, command, directory); !other.empty()) owner = copied[i] ? std::move(other) : "";
    }
  }
  if (owner.empty() || is_root(Value::known(owner.substr(0, owner.find(':'))))) return std::optional<std::string>();
  if (owner.find_first_of("$`\"'") != std::string::npos)
    return Declined{"the owner of `" + directory + "` is not known"};
  return std::optional(std::move(owner));
}

}  // namespace dockhew::inline stages
