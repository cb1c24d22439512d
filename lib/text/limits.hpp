// How far anything is followed: the bounds on values, paths, matching and recursion that belong to a whole file or to
// more than one room. The bounds of a single search stand beside it. Files come from strangers, and no real one comes
// near these; what goes beyond them is unknown, never a hang or a crash.
#pragma once

#include <cstddef>
#include <string_view>

namespace dockhew::inline text::limits {

// Levels of anything that nests and is read by recursion: shell constructs, `${a:-${b:-…}}`, JSON, files
// that include one another.
inline constexpr unsigned deepest_nesting = 200;

// Of one file: instructions, and their bytes together; and comments. The largest of 1,169 real files has 400 of them in
// 60 KiB.
inline constexpr std::size_t instructions_read = 20'000;
inline constexpr std::size_t comments_read = 1'000'000;
inline constexpr std::size_t instruction_bytes_read = std::size_t{1} << 20U;

// Fixes of one round that are tried one by one, because all together were rejected, and bytes of the files that are
// read for that in all rounds: of a file of 60 KiB, 68 changes.
inline constexpr std::size_t fixes_tried = 100;
inline constexpr std::size_t bytes_tried = std::size_t{4} << 20U;

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

// Bytes of what was worked out about a file, where that may be much: what the container of each of its stages starts.
inline constexpr std::size_t answers_kept = std::size_t{16} << 20U;

// COPYs before an installation among which its source is looked for, and COPYs of a stage among which that of a file
// is. Of 1,169 real files, none has more than 77.
inline constexpr std::size_t copies_before = 100;

// Patterns of one file that are compared with the names in the context: sources of COPY, members of a workspace. And
// names in the context that are remembered, in directories and as what a pattern stands for.
inline constexpr std::size_t patterns_expanded = 1000;
inline constexpr std::size_t names_remembered = 200'000;

// Commands that make or remove something, each of which is compared with each before it; and stages with which a name
// that contains variables is compared.
inline constexpr std::size_t commands_compared = 300;
inline constexpr std::size_t stages_matched = 100;

// Values of a JSON document: objects, arrays and what is in them. The largest lock file that was seen has 300,000.
inline constexpr std::size_t json_values = 1'000'000;

// Directories of a search path, and files that are looked for there because a program of an image needs them.
inline constexpr std::size_t directories_searched = 500;
inline constexpr std::size_t libraries_looked_up = 1'000'000;

// Commands that start commands, from the one that a container starts, and bytes of the scripts that they stand in.
inline constexpr std::size_t commands_followed = 20'000;
inline constexpr std::size_t scripts_followed = std::size_t{16} << 20U;

// longest_value, or less where a file has very many places that can hold a value: lines, commands and variables. So the
// values of a file together stay below all_values, or below some bytes per place, whatever refers to what.
std::size_t longest_value_in(std::string_view source);

}  // namespace dockhew::inline text::limits
