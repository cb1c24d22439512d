#include "effects/accounts.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "effects/command_words.hpp"

namespace dockhew::inline effects {
namespace {

// How a command that creates users is told about one. Of adduser there are two, Debian's with long options and
// BusyBox's with short ones. Sources: useradd(8), adduser(8), and BusyBox's `adduser --help`.
struct Creator {
  std::string_view command;
  std::string_view value_letters;                  // short options with a value
  std::array<std::string_view, 18> value_options;  // long ones
  std::array<std::string_view, 2> uid;
  std::array<std::string_view, 3> home;
  std::array<std::string_view, 2> creates_home;  // empty: always, but for
  std::array<std::string_view, 2> leaves_home;
};
constexpr Creator creators[] = {
    {"useradd",
     "bcdefgGkKpsuRPZ",
     {"--base-dir", "--comment", "--expiredate", "--gid", "--groups", "--home", "--home-dir", "--inactive", "--key",
      "--password", "--prefix", "--root", "--selinux-user", "--shell", "--skel", "--uid"},
     {"-u", "--uid"},
     {"-d", "--home", "--home-dir"},
     {"-m", "--create-home"},
     {}},
    {"adduser",
     "hgsGuk",
     {"--comment", "--conf", "--firstgid", "--firstuid", "--gecos", "--gid", "--home", "--ingroup", "--lastgid",
      "--lastuid", "--shell", "--uid"},
     {"-u", "--uid"},
     {"-h", "--home"},
     {},
     {"-H", "--no-create-home"}},
};

const Creator* find_creator(const ShellCommand& command) {
  const auto* found = std::ranges::find(creators, std::string_view(command.name()), &Creator::command);
  return found == std::end(creators) ? nullptr : found;
}

struct GivenWords {
  std::map<std::string, ShellWord, std::less<>> options;  // with their values, or with themselves
  std::vector<ShellWord> operands;

  template <typename Names>
  const ShellWord* any_of(const Names& names) const {
    for (const auto name : names)
      if (const auto found = options.find(name); !name.empty() && found != options.end()) return &found->second;
    return nullptr;
  }
};

GivenWords read(const Creator& creator, const ShellCommand& command) {
  GivenWords words;
  const auto& all = command.words;
  const auto has_value = [&](std::string_view option) {
    return std::ranges::find(creator.value_options, option) != creator.value_options.end();
  };
  for (std::size_t i = 1; i < all.size(); ++i) {
    const std::string_view raw = all[i].raw;
    if (!raw.starts_with('-') || raw == "-") {
      words.operands.push_back(all[i]);
    } else if (raw.starts_with("--")) {
      const auto equals = raw.find('=');
      const std::string option(raw.substr(0, equals));
      auto value = equals == raw.npos ? all[i] : without_prefix(all[i], equals + 1);
      if (equals == raw.npos && has_value(option) && i + 1 < all.size()) value = all[++i];
      words.options.insert_or_assign(option, std::move(value));
    } else {
      for (std::size_t letter = 1; letter < raw.size(); ++letter) {
        const std::string option = {'-', raw[letter]};
        if (creator.value_letters.find(raw[letter]) == std::string_view::npos) {
          words.options.insert_or_assign(option, all[i]);
          continue;
        }
        auto value = all[i];
        if (letter + 1 < raw.size()) value = without_prefix(value, letter + 1);
        else if (i + 1 < all.size()) value = all[++i];
        words.options.insert_or_assign(option, std::move(value));
        break;
      }
    }
  }
  return words;
}

// Of a variable only its default is known.
std::string plain(const ShellWord* word) {
  return word != nullptr && word->value.is_known() && word->raw.find('$') == std::string::npos ? word->text()
                                                                                               : std::string();
}

std::optional<Account> created_by(const ShellCommand& command) {
  const auto* creator = find_creator(command);
  if (creator == nullptr || command.conditional) return std::nullopt;
  const auto words = read(*creator, command);
  if (words.operands.size() != 1) return std::nullopt;  // `adduser USER GROUP` creates none
  Account account;
  account.name = plain(&words.operands[0]);
  account.uid = plain(words.any_of(creator->uid));
  if (account.uid.find_first_not_of("0123456789") != std::string::npos) account.uid.clear();
  const auto* home = words.any_of(creator->home);
  if (home != nullptr) account.home = plain(home);
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

}  // namespace

bool creates_accounts(const Facts& facts, const ShellCommand& command) {
  const auto* row = facts.unix_command(command.name());
  return row != nullptr && row->accounts;
}

// BusyBox's adduser has no long option `--group`.
std::string user_with_free_number(const ShellCommand& command) {
  const auto* creator = find_creator(command);
  if (creator == nullptr) return {};
  const auto words = read(*creator, command);
  const auto has = [&](std::string_view option) { return words.options.contains(option); };
  if (!has("--system") || !has("--group") || has("--uid") || has("--gid") || words.operands.size() != 1) return {};
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
