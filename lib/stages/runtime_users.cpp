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

bool has_users_of(const Place& place) { return place.runtime || place.creates_users; }

// Those of every Debian and Alpine image, and those that a RUN of the runtime stage creates.
bool has_runtime_group(const Facts& facts, const Stage& stage, const Placement& placement, std::size_t end,
                       std::string_view group) {
  for (const auto* known : {"root", "nogroup", "users", "www-data", "daemon", "bin", "mail", "adm"})
    if (group == known) return true;
  for (std::size_t i = 0; i < end; ++i) {
    if (!has_users_of(placement.places[i]) || !stage.steps[i].script) continue;
    for (const auto& command : stage.steps[i].script->commands)
      if (const auto* row = facts.unix_command(command.name()); row != nullptr && row->accounts)
        if (command.has_word(group)) return true;
  }
  return false;
}

}  // namespace

bool has_runtime_user(const Facts& facts, const Stage& stage, const Placement& placement, std::size_t end,
                      bool same_family, const std::string& owner) {
  const auto user = owner.substr(0, owner.find(':'));
  const auto group = owner.substr(std::min(user.size() + 1, owner.size()));
  if (!is_number(group) && group != user && !has_runtime_group(facts, stage, placement, end, group)) return false;
  if (is_number(user)) return true;
  for (const auto* known : {"root", "nobody", "daemon", "www-data", "mail", "bin"})
    if (user == known) return true;
  if (same_family && stage.image->entry->users.contains(user)) return true;
  for (std::size_t i = 0; i < end; ++i) {
    if (!has_users_of(placement.places[i]) || !stage.steps[i].script) continue;
    for (const auto& command : stage.steps[i].script->commands)
      if (creates_users(facts, command) && command.has_word(user)) return true;
  }
  return false;
}

}  // namespace dockhew::inline stages
