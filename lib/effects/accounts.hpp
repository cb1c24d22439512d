// Users that the file itself creates: their numbers and their home directories, as far as the words of the command
// tell.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/site.hpp"

namespace dockhew::inline effects {

struct Account {
  std::string name;
  std::string uid;            // empty when it is not known, or comes from a variable
  bool given = false;         // the number, by the command; otherwise it is the first that is free
  std::string home;           // the same
  bool creates_home = false;  // the directory exists afterwards, and belongs to the user
};

// Whether a command of the table creates users or groups.
bool creates_accounts(const Facts& facts, const ShellCommand& command);

// The user whom a command of Debian's `adduser --system --group` creates without saying numbers; empty without one. It
// takes the first number that neither a user nor a group has, which is another one in another image.
std::string user_with_free_number(const ShellCommand& command);

// Whether a step creates the user for certain.
bool creates_account(const Site& site, const std::string& user);

// The user of a step, by name or number, whom an earlier step creates for certain; nothing when none does, or when a
// later command may have changed it.
std::optional<Account> find_account(const Site& site, const std::string& user);

// Whether an earlier step may have given a user of the base image another number: `usermod -u 1001 node`, also in a
// script of the build context.
bool may_be_renumbered(const Site& site, const std::string& user);

// The home directory of the step's user, by HOME, by the base image, or by the command that creates the user.
Value home_of(const Site& site);

}  // namespace dockhew::inline effects
