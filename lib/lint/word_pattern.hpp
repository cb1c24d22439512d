// Whether the words of a command match those of a pattern that a user's rule has: `*` for any characters, `...` for any
// words, `$X` for one word, which is the same wherever it stands.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/script.hpp"

namespace dockhew::inline lint {

using Captures = std::map<std::string, std::string, std::less<>>;  // "$X" or "..." to the words as written

// Like glob_match, but `*` matches any characters, including slashes, because words are often URLs.
bool matches_text(std::string_view pattern, std::string_view text);

// The word that the pattern begins with, where that stands for itself: then only commands match that have this name or
// this first word. Empty otherwise.
std::string plain_first_word(const std::vector<ShellWord>& pattern);

// How many words are compared in all commands of a file, and in one where a `$X` that stands twice makes it depend on
// what several `...` took. What needs more does not match.
class Attempts {
 public:
  void begin_command() { here_ = 0; }
  bool spend(bool repeats) { return ++all_ <= most_of_file && (!repeats || ++here_ <= most_of_command); }

 private:
  static constexpr std::size_t most_of_command = 10'000, most_of_file = 30'000'000;
  std::size_t here_ = 0, all_ = 0;
};

// Adds what the variables and the `...` of the pattern stand for, which must agree with what is there already.
bool matches_words(const std::vector<ShellWord>& pattern, const ShellCommand& command, Captures& captures,
                   Attempts& attempts);

}  // namespace dockhew::inline lint
