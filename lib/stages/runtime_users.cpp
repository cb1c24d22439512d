#include "stages/runtime_users.hpp"

#include <algorithm>
#include <string_view>

namespace dockhew::inline stages {
namespace {

bool is_number(std::string_view text) { return text.find_first_not_of("0123456789") == text.npos; }

// And not groups alone.
bool creates_users(const Facts& facts, const ShellCommand& command) {
  const auto* row = facts.unix_command(command.name());
  return row != nullptr && row->accounts && std::ranges::find(row->writes, "/etc/passwd") != row->writes.end();
}

}  // namespace

bool has_runtime_user(const Facts& facts, const Stage& stage, const Placement& placement, std::size_t end,
                      bool same_family, const std::string& owner) {
  const auto user = owner.substr(0, owner.find(':'));
  const auto group = owner.substr(std::min(user.size() + 1, owner.size()));
  if (!is_number(group) && group != user) return false;
  if (is_number(user)) return true;
  for (const auto* known : {"root", "nobody", "daemon", "www-data", "mail", "bin"})
    if (user == known) return true;
  if (same_family && stage.image->entry->users.contains(user)) return true;
  for (std::size_t i = 0; i < end; ++i) {
    if (!placement.places[i].runtime || !stage.steps[i].script) continue;
    for (const auto& command : stage.steps[i].script->commands)
      if (creates_users(facts, command) && command.has_word(user)) return true;
  }
  return false;
}

}  // namespace dockhew::inline stages
