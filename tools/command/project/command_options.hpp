// The options of a program in a script, with their values, whether these are joined to them or words of their own.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/script.hpp"

namespace dockhew::cli {

// Views into the words.
struct Option {
  std::string_view name;
  const ShellWord* value = nullptr;  // nothing for a switch
  std::string text;                  // of the value, without quotes, if it is known
  std::string_view raw;
};

// At the word `i`, which is moved to the value where that is a word of its own. `is_switch`: it has none.
inline Option option_at(const std::vector<ShellWord>& words, std::size_t& i, bool is_switch) {
  const auto& word = words[i];
  const auto equals = word.raw.find('=');
  const bool joined = word.raw.starts_with("--") && equals != word.raw.npos;
  Option option{std::string_view(word.raw).substr(0, joined ? equals : word.raw.npos), nullptr, {}, {}};
  if (is_switch || (!joined && i + 1 == words.size())) return option;
  option.value = joined ? &word : &words[++i];
  // Without the quotes that are in it, the equals sign is elsewhere.
  const auto& whole = option.value->text();
  option.text = joined ? whole.substr(std::min(whole.find('='), whole.size() - 1) + 1) : whole;
  option.raw = joined ? std::string_view(word.raw).substr(equals + 1) : std::string_view(option.value->raw);
  return option;
}

}  // namespace dockhew::cli
