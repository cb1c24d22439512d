// What `make` runs, as far as a Makefile tells without being run: the recipes of the targets that are named and of
// those that these need. A Makefile is a program, and whatever is not plain in it leaves the answer unknown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/script.hpp"

namespace dockhew::inline ecosystems {

struct Recipes {
  std::vector<std::string> lines;    // of shell, each for a shell of its own
  std::vector<std::size_t> numbers;  // of these lines in the Makefile; 0 for what a value is made with
  bool complete = true;              // nothing else may run
};

// Of the text of a Makefile, for the words of a command.
Recipes read_recipes(std::string_view makefile, const ShellCommand& command);

// The recipes of all targets, each line with its number in the Makefile; variables that the Makefile does not give a
// value have an unknown one.
struct RecipeLine {
  std::string text;
  std::size_t number = 0;
};
std::vector<RecipeLine> all_recipes(std::string_view makefile);

bool is_make(const ShellCommand& command);

// The Makefiles that such a command may read, relative to where it runs; the first that is there counts.
std::vector<std::string> makefiles_of(const ShellCommand& command);

// The directory that such a command works in, relative to where it runs.
std::string directory_of_make(const ShellCommand& command);

// Whether a variable of a recipe stands for what only make knows.
bool is_unseen_by_recipes(std::string_view variable);

}  // namespace dockhew::inline ecosystems
