#include "effects/account_numbers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>

#include "effects/account_words.hpp"
#include "model/runs.hpp"

namespace dockhew::inline effects {
namespace {

constexpr int first_system = 100, last_system = 999, first_normal = 1000, last_normal = 60000;

using Numbers = std::map<std::string, int, std::less<>>;

bool has(const Numbers& numbers, int number) {
  return std::ranges::any_of(numbers, [&](const auto& each) { return each.second == number; });
}

int first_free(const Numbers& numbers, int from, const Numbers* others = nullptr) {
  while (has(numbers, from) || (others != nullptr && has(*others, from))) ++from;
  return from;
}

// useradd and groupadd: beyond all others of the range, of which the system's begins at 101. When its end is reached,
// they look for gaps.
std::optional<int> beyond(const Numbers& numbers, bool system) {
  int number = system ? last_system : first_normal;
  for (const auto& [name, taken] : numbers)
    if (system && taken > first_system && taken <= number) number = taken - 1;
    else if (!system && taken >= number && taken <= last_normal) number = taken + 1;
  const bool inside = number > first_system && number <= last_normal;
  return inside ? std::optional(number) : std::nullopt;
}

std::optional<int> number_in(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

// Users and groups of a stage, from its base image on.
class Accounts {
 public:
  explicit Accounts(const Stage& stage) {
    if (!stage.image || stage.base_from_argument || !stage.image->entry->all_users || stage.image->windows) return;
    const auto& image = *stage.image;
    busybox_ = image.distribution == "alpine";
    known_ = busybox_ || image.distribution == "debian" || image.distribution == "ubuntu";
    release_ = image.release;
    for (const auto& [name, uid] : image.entry->users) take(std::string(name), number_in(uid));
    if (busybox_) add_alpine();
    if (image.distribution == "ubuntu") add_ubuntu(*image.entry);
    if (is_release({"buster", "bullseye"})) users_.insert_or_assign("_apt", 100);
  }

  bool known() const { return known_; }
  const Numbers& users() const { return users_; }

  void apply(const Facts& facts, const Step& step) {
    if (step.instruction->keyword == Keyword::copy || step.instruction->keyword == Keyword::add) {
      const auto* copy = step.copy ? &*step.copy : nullptr;
      const bool apart = copy != nullptr && copy->destination.is_known() && copy->destination.text != "/" &&
                         copy->destination.text != "/etc" && copy->destination.text != "/etc/" &&
                         !copy->destination.text.starts_with("/etc/passwd") &&
                         !copy->destination.text.starts_with("/etc/group");
      known_ &= apart;
    }
    if (step.instruction->keyword != Keyword::run) return;
    if (!step.script || step.script->opaque) known_ = false;
    else
      for (const auto& command : step.script->commands)
        if (known_) apply(facts, command);
  }

 private:
  bool is_release(std::initializer_list<std::string_view> any_of) const {
    return std::ranges::find(any_of, std::string_view(release_)) != any_of.end();
  }

  // Its tables of the users and groups that every image has: alpine-baselayout.
  void add_alpine() {
    users_.insert({{"ntp", 123}, {"smmsp", 209}, {"guest", 405}});
    groups_.insert({{"users", 100},
                    {"ntp", 123},
                    {"nofiles", 200},
                    {"smmsp", 209},
                    {"locate", 245},
                    {"abuild", 300},
                    {"utmp", 406},
                    {"ping", 999}});
  }

  // Since 23.04 its images have a user of that name. Of other images on it the tag does not always say the release.
  void add_ubuntu(const ImageEntry& entry) {
    const bool own = std::ranges::find(entry.names, std::string_view("ubuntu")) != entry.names.end();
    if (!own && release_.empty()) known_ = false;
    constexpr std::array<std::string_view, 12> without = {"trusty", "xenial", "bionic", "focal", "jammy", "kinetic",
                                                          "14.04",  "16.04",  "18.04",  "20.04", "22.04", "22.10"};
    if (std::ranges::find(without, std::string_view(release_)) == without.end()) take("ubuntu", first_normal);
  }

  // A user and the group of its name.
  void take(const std::string& name, std::optional<int> number) {
    if (!number) {
      known_ = false;
      return;
    }
    users_.insert_or_assign(name, *number);
    groups_.insert_or_assign(name, *number);
  }

  void apply(const Facts& facts, const ShellCommand& command) {
    if (const auto* creator = find_creator(command)) {
      if (command.conditional) known_ = false;
      else if (creator->makes_user) create_user(*creator, command);
      else create_group(*creator, command);
      return;
    }
    constexpr std::array<std::string_view, 6> changers = {"userdel",  "usermod", "groupdel",
                                                          "groupmod", "deluser", "delgroup"};
    if (std::ranges::find(changers, std::string_view(command.name())) != changers.end()) {
      change(command);
    } else if (command.use != nullptr) {
      // `apk upgrade` only replaces what is there.
      packages_ |= command.use->tool->packages.of_system && command.use->action->kind == ActionKind::install &&
                   !command.use->operands.empty();
    } else {
      const auto* row = facts.unix_command(command.name());
      known_ &= facts.is_plain(command.name()) || (row != nullptr && !row->accounts);
    }
  }

  // A user who is removed with certainty makes room; of `usermod -aG docker app` the number stays.
  void change(const ShellCommand& command) {
    const bool removes = command.name() == "userdel" || command.name() == "deluser";
    const auto name = command.words.empty() ? std::string() : command.words.back().text();
    if (command.name() == "usermod" && !command.has_word("-u") && !command.has_word("--uid") &&
        !command.has_word("-l") && !command.has_word("--login"))
      return;
    if (!removes || command.conditional || !users_.contains(name)) {
      known_ = false;
      return;
    }
    users_.erase(name);
    groups_.erase(name);
  }

  // Whether an option changes the range, or the files that the command looks at.
  static bool looks_elsewhere(const AccountWords& words) {
    return words.has({"-K", "--key", "-R", "--root", "-P", "--prefix", "--conf", "--firstuid", "--lastuid",
                      "--firstgid", "--lastgid"});
  }

  static bool is_system(const Creator& creator, const AccountWords& words) {
    const bool shadow = creator.command == "useradd" || creator.command == "groupadd";
    return words.has({"--system", shadow ? "-r" : "-S"});
  }

  void create_group(const Creator& creator, const ShellCommand& command) {
    const auto words = read_account_words(creator, command);
    if (words.operands.size() == 2 && creator.command == "addgroup") return;  // adds a user to a group
    const auto* given = words.any_of(creator.number);
    const auto name = words.operands.size() == 1 ? plain_text(words.operands.data()) : std::string();
    if (name.empty() || looks_elsewhere(words) || groups_.contains(name)) known_ = false;
    else if (given != nullptr) give(groups_, name, number_in(plain_text(given)));
    else give(groups_, name, free_group(creator.command == "groupadd", is_system(creator, words)));
  }

  std::optional<int> free_group(bool shadow, bool system) const {
    if (system && packages_) return std::nullopt;
    if (shadow) return beyond(groups_, system);
    return first_free(groups_, system ? first_system : first_normal);
  }

  void give(Numbers& numbers, const std::string& name, std::optional<int> number) {
    // What a system group is called that follows packages is no matter for users.
    if (number) numbers.insert_or_assign(name, *number);
    else if (&numbers == &users_) known_ = false;
  }

  void create_user(const Creator& creator, const ShellCommand& command) {
    const auto words = read_account_words(creator, command);
    if (words.operands.size() == 2 && creator.command == "adduser") return;
    const auto name = words.operands.size() == 1 ? plain_text(words.operands.data()) : std::string();
    if (name.empty() || looks_elsewhere(words) || users_.contains(name)) {
      known_ = false;
      return;
    }
    const bool system = is_system(creator, words), shadow = creator.command == "useradd";
    const bool has_group =
        words.has({"--gid", "--ingroup", shadow ? "-g" : "-G", shadow ? "-N" : "--ingroup", "--no-user-group"});
    const auto* given = words.any_of(creator.number);
    const auto number = given != nullptr ? number_in(plain_text(given)) : free_user(shadow, system, has_group);
    give(users_, name, number);
    if (known_ && !has_group && (shadow || !system || words.has({"--group"}))) {
      const bool same = !has(groups_, *number);
      give(groups_, name, same ? number : free_group(shadow, system));
    }
  }

  std::optional<int> free_user(bool shadow, bool system, bool has_group) const {
    if (system && packages_) return std::nullopt;
    if (shadow) return beyond(users_, system);
    const auto alone = first_free(users_, system ? first_system : first_normal);
    if (system) {
      // Of Ubuntu's releases it is not known which number `_apt` has.
      const bool settled = busybox_ || is_release({"buster", "bullseye", "bookworm", "trixie"});
      return settled && alone <= last_system ? std::optional(alone) : std::nullopt;
    }
    if (has_group) return alone;
    // Since Debian 12 adduser looks for a number that is free as a group's, too, as BusyBox always did.
    const auto both = first_free(users_, first_normal, &groups_);
    const bool settled = busybox_ || alone == both || is_release({"bookworm", "trixie"});
    return settled ? std::optional(both) : std::nullopt;
  }

  bool known_ = false;
  bool busybox_ = false;
  bool packages_ = false;  // were installed, and may have brought system users
  std::string release_;
  Numbers users_, groups_;
};

}  // namespace

std::string free_number(const Site& site, std::string_view user) {
  const auto chain = chain_of(site.file, site.stage);
  Accounts accounts(*chain.back());
  for (auto stage = chain.rbegin(); stage != chain.rend(); ++stage) {
    const bool last = *stage == &site.stage;
    for (const auto& step : last ? site.earlier() : std::span<const Step>((*stage)->steps)) {
      if (!accounts.known()) return {};
      accounts.apply(site.file.facts(), step);
      if (const auto found = accounts.users().find(user); accounts.known() && found != accounts.users().end())
        return std::to_string(found->second);
    }
  }
  return {};
}

}  // namespace dockhew::inline effects
