// The words of the commands that make users and groups. Of adduser and addgroup there are two, Debian's with long
// options and BusyBox's with short ones, and useradd and groupadd have both.
#pragma once

#include <array>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/script.hpp"

namespace dockhew::inline effects {

// How such a command is told about what it makes.
struct Creator {
  std::string_view command;
  bool makes_user = false;
  std::string_view value_letters;                  // short options with a value
  std::array<std::string_view, 18> value_options;  // long ones
  std::array<std::string_view, 2> number;
  std::array<std::string_view, 3> home;
  std::array<std::string_view, 2> creates_home;  // empty: always, but for
  std::array<std::string_view, 2> leaves_home;
};

struct AccountWords {
  std::map<std::string, ShellWord, std::less<>> options;  // with their values, or with themselves
  std::vector<ShellWord> operands;

  bool has(std::initializer_list<std::string_view> any_of) const;
  // The word of the first that was given; it lives as long as these words.
  template <typename Names>
  const ShellWord* any_of(const Names& names) && = delete;
  template <typename Names>
  const ShellWord* any_of(const Names& names) const& {
    for (const auto name : names)
      if (const auto found = options.find(name); !name.empty() && found != options.end()) return &found->second;
    return nullptr;
  }
};

// Null when the command makes none.
const Creator* find_creator(const ShellCommand& command);

AccountWords read_account_words(const Creator& creator, const ShellCommand& command);

// The home directory that a command names for the user whom it makes: undefined where it names none, unknown where that
// cannot be told, or where the command makes none.
Value named_home(const ShellCommand& command);

// The text of a word; empty when it is not known. Of a variable only its default is known, so it is not, either.
std::string plain_text(const ShellWord* word);

}  // namespace dockhew::inline effects
