// How far anything is followed: the one place where a bound on values, paths, matching or recursion is named. Files
// come from strangers, and no real one comes near these; what goes beyond them is unknown, never a hang or a crash.
#pragma once

#include <cstddef>
#include <string_view>

namespace dockhew::inline text::limits {

// Levels of anything that nests and is read by recursion: shell constructs, `${a:-${b:-…}}`, JSON, files
// that include one another.
inline constexpr unsigned deepest_nesting = 200;

// Dots in one line of TOML, any of which may nest another table.
inline constexpr std::size_t dots_in_line = 2000;

// Bytes that the variables in a word stand for, and of a user that many steps inherit.
inline constexpr std::size_t longest_value = std::size_t{16} << 10U;

// Bytes of the name of a file and of a path, as on Linux.
inline constexpr std::size_t longest_name = 255;
inline constexpr std::size_t longest_path = 4096;

// Bytes of all values of one file together; see longest_value_in.
inline constexpr std::size_t all_values = std::size_t{4} << 20U;

// Bytes of a pattern times bytes of the value it is matched with, in ${name%pattern} and ${name/pattern/text}.
inline constexpr std::size_t most_matching = std::size_t{1} << 17U;

// COPYs before an installation among which its source is looked for. Of 1,169 real files, none has more than 77.
inline constexpr std::size_t copies_before = 100;

// Commands that make or remove something, each of which is compared with each before it; and stages with which a name
// that contains variables is compared.
inline constexpr std::size_t commands_compared = 300;
inline constexpr std::size_t stages_matched = 100;

// longest_value, or less where a file has very many places that can hold a value: lines, commands and variables. So the
// values of a file together stay below all_values, or below some bytes per place, whatever refers to what.
std::size_t longest_value_in(std::string_view source);

}  // namespace dockhew::inline text::limits
