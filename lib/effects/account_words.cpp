#include "effects/account_words.hpp"

#include <algorithm>

#include "effects/command_words.hpp"

namespace dockhew::inline effects {
namespace {

// Sources: useradd(8), groupadd(8), adduser(8), and BusyBox's `adduser --help` and `addgroup --help`.
constexpr Creator creators[] = {
    {"useradd",
     true,
     "bcdefgGkKpsuRPZ",
     {"--base-dir", "--comment", "--expiredate", "--gid", "--groups", "--home", "--home-dir", "--inactive", "--key",
      "--password", "--prefix", "--root", "--selinux-user", "--shell", "--skel", "--uid"},
     {"-u", "--uid"},
     {"-d", "--home", "--home-dir"},
     {"-m", "--create-home"},
     {}},
    {"adduser",
     true,
     "hgsGuk",
     {"--comment", "--conf", "--firstgid", "--firstuid", "--gecos", "--gid", "--home", "--ingroup", "--lastgid",
      "--lastuid", "--shell", "--uid"},
     {"-u", "--uid"},
     {"-h", "--home"},
     {},
     {"-H", "--no-create-home"}},
    {"groupadd",
     false,
     "gKpRPU",
     {"--gid", "--key", "--password", "--prefix", "--root", "--users"},
     {"-g", "--gid"},
     {},
     {},
     {}},
    {"addgroup", false, "g", {"--conf", "--firstgid", "--gid", "--lastgid"}, {"-g", "--gid"}, {}, {}, {}},
};

}  // namespace

bool AccountWords::has(std::initializer_list<std::string_view> any_of) const {
  return std::ranges::any_of(any_of, [&](std::string_view option) { return options.contains(option); });
}

const Creator* find_creator(const ShellCommand& command) {
  const auto* found = std::ranges::find(creators, std::string_view(command.name()), &Creator::command);
  return found == std::end(creators) ? nullptr : found;
}

AccountWords read_account_words(const Creator& creator, const ShellCommand& command) {
  AccountWords words;
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

std::string plain_text(const ShellWord* word) {
  return word != nullptr && word->value.is_known() && word->raw.find('$') == std::string::npos ? word->text()
                                                                                               : std::string();
}

Value named_home(const ShellCommand& command) {
  const auto* creator = find_creator(command);
  if (creator == nullptr) return Value::unknown();
  const auto words = read_account_words(*creator, command);
  const auto* home = words.any_of(creator->home);
  if (home == nullptr) return Value{};
  auto path = plain_text(home);
  return path.starts_with('/') ? Value::known(std::move(path)) : Value::unknown();
}

}  // namespace dockhew::inline effects
