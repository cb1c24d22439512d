#include "effects/accounts.hpp"

#include <algorithm>
#include <array>

#include "effects/account_numbers.hpp"
#include "effects/account_words.hpp"
#include "effects/source_copy.hpp"
#include "text/path.hpp"

namespace dockhew::inline effects {
namespace {

std::optional<Account> created_by(const ShellCommand& command) {
  const auto* creator = find_creator(command);
  if (creator == nullptr || !creator->makes_user || command.conditional) return std::nullopt;
  const auto words = read_account_words(*creator, command);
  if (words.operands.size() != 1) return std::nullopt;  // `adduser USER GROUP` creates none
  Account account;
  account.name = plain_text(&words.operands[0]);
  account.given = words.any_of(creator->number) != nullptr;
  account.uid = plain_text(words.any_of(creator->number));
  if (account.uid.find_first_not_of("0123456789") != std::string::npos) account.uid.clear();
  const auto* home = words.any_of(creator->home);
  if (home != nullptr) account.home = plain_text(home);
  // Where a system user of Debian's adduser has its home depends on the release.
  else if (!words.options.contains("--system") && !account.name.empty()) account.home = "/home/" + account.name;
  if (!account.home.starts_with('/')) account.home.clear();
  const bool always = creator->creates_home.front().empty();
  account.creates_home = !account.home.empty() && (always ? words.any_of(creator->leaves_home) == nullptr
                                                          : words.any_of(creator->creates_home) != nullptr);
  return account;
}

bool is_about(const Account& account, const std::string& user) { return account.name == user || account.uid == user; }

std::optional<Account> created_in(const Site& site, const std::string& user) {
  if (!site.step.script) return std::nullopt;
  for (const auto& command : site.step.script->commands)
    if (auto account = created_by(command); account && is_about(*account, user)) return account;
  return std::nullopt;
}

// `usermod -u 2000 app`, `deluser app`
bool changes(const Site& site, const std::string& name) {
  constexpr std::array<std::string_view, 3> changers = {"deluser", "userdel", "usermod"};
  return site.step.script && std::ranges::any_of(site.step.script->commands, [&](const ShellCommand& command) {
           return std::ranges::find(changers, std::string_view(command.name())) != changers.end() &&
                  command.has_word(name);
         });
}

// Whether a text has a command that changes users, or the list of them.
bool names_changes(std::string_view text) {
  constexpr std::array<std::string_view, 6> signs = {"adduser", "deluser", "useradd",
                                                     "userdel", "usermod", "/etc/passwd"};
  return std::ranges::any_of(signs, [&](std::string_view sign) { return text.find(sign) != text.npos; });
}

// Whom the words name may be said by a variable: `usermod -u $UID $NAME`.
bool may_renumber(const Site& site, const std::string& user) {
  if (site.step.instruction->keyword != Keyword::run) return false;
  const auto text = site.step.instruction->text.view();
  if (names_changes(text)) return text.find(user) != text.npos || text.find('$') != text.npos;
  if (!site.step.script || !site.context().is_known()) return false;
  return std::ranges::any_of(site.step.script->commands, [&](const ShellCommand& command) {
    return std::ranges::any_of(command.words, [&](const ShellWord& word) {
      if (!word.value.is_known() || !word.text().ends_with(".sh") || !command.directory.is_known()) return false;
      const auto path = file_in_context(site, resolve_path(command.directory.text, word.text()));
      const auto script = path ? site.context().read(*path) : std::nullopt;
      return script && names_changes(*script);
    });
  });
}

}  // namespace

bool may_be_renumbered(const Site& site, const std::string& user) {
  return site.any_earlier({"may renumber ", user}, [&](const Site& earlier) { return may_renumber(earlier, user); });
}

bool creates_accounts(const Facts& facts, const ShellCommand& command) {
  const auto* row = facts.unix_command(command.name());
  return row != nullptr && row->accounts;
}

// BusyBox's adduser has no long option `--group`.
std::string user_with_free_number(const ShellCommand& command) {
  const auto* creator = find_creator(command);
  if (creator == nullptr || !creator->makes_user) return {};
  const auto words = read_account_words(*creator, command);
  if (!words.has({"--system"}) || !words.has({"--group"}) || words.has({"--uid", "--gid"}) ||
      words.operands.size() != 1)
    return {};
  const auto& user = words.operands[0];
  return user.value.is_known() ? user.text() : std::string();
}

bool creates_account(const Site& site, const std::string& user) { return created_in(site, user).has_value(); }

std::optional<Account> find_account(const Site& site, const std::string& user) {
  if (user.empty()) return std::nullopt;
  const auto creates = [&](const Site& earlier) { return creates_account(earlier, user); };
  const auto found = site.first_earlier({"creates the user ", user}, creates);
  auto account = found ? created_in(*found, user) : std::nullopt;
  if (!account || account->name.empty()) return std::nullopt;
  const auto changed = [&](const Site& earlier) { return changes(earlier, account->name); };
  if (site.any_earlier({"changes the user ", account->name}, changed)) return std::nullopt;
  if (!account->given) account->uid = free_number(site, account->name);
  return account;
}

// Without ENV the builder takes it from the list of users, to which a RUN may have added the step's. An image that is
// not known may set it.
Value home_of(const Site& site) {
  auto home = site.home();
  const bool set = site.stage.environment.find("HOME", site.step.bindings) != nullptr;
  if (home.is_known() || set || !site.stage.image || !site.step.user.is_known()) return home;
  const auto account = find_account(site, site.step.user.text);
  return account && !account->home.empty() ? Value::known(account->home) : Value::unknown();
}

}  // namespace dockhew::inline effects
