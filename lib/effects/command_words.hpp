// The words of a Unix command, each with the role that the command's row in the table gives it.
#pragma once

#include <string>
#include <vector>

#include "facts/facts.hpp"
#include "model/script.hpp"

namespace dockhew::inline effects {

struct CommandWords {
  std::vector<ShellWord> operands;
  std::vector<ShellWord> read, written, into;  // values of options
  std::string mode, owner;                     // the same, as they are written; empty where there are none
  std::vector<std::string> options;            // that were given, bundled ones one by one: "-r", "-f", "--recursive"
  std::vector<ShellWord> archives;             // of tar: the value of `-f`

  bool has(std::string_view option) const;
  bool has_any(Words any_of) const;
};

// `row` is of the command, whose words after the first are read.
CommandWords read_words(const UnixCommand& row, const ShellCommand& command);

// Whether a command that makes directories is told to make those above as well, and to take what is there: `mkdir -p`.
bool makes_parents(const Facts& facts, const ShellCommand& command);

// What is left of a word without its first characters: the file of `--output=file`, of `-ofile` and of `of=file`.
ShellWord without_prefix(const ShellWord& word, std::size_t characters);

}  // namespace dockhew::inline effects
