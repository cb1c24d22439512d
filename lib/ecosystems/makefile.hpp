// What `make` runs, as far as a Makefile tells without being run: the recipes of the targets that are named and of
// those that these need. A Makefile is a program, and whatever is not plain in it leaves the answer unknown.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/site.hpp"

namespace dockhew::inline ecosystems {

struct Recipes {
  std::vector<std::string> lines;  // of shell, each for a shell of its own
  bool complete = true;            // nothing else may run
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

// The scripts that a `make` of the site's RUN runs, of which every command is known, without their texts. Their
// commands stand in the place of the whole command. Nothing for other commands, and where something else may run.
std::optional<std::vector<Script>> scripts_of_make(const Site& site, const ShellCommand& command);

}  // namespace dockhew::inline ecosystems
