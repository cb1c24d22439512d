// What the words of a whole script stand for. A script is longer than a RUN: it has loops, functions and branches that
// assign variables and change the directory, and what it says of both is taken at its word only where nothing in it can
// make it otherwise.
#pragma once

#include <set>
#include <string>

#include "model/script.hpp"

namespace dockhew::inline ecosystems {

// Makes the values of words unknown, and the directories of commands, wherever a variable may have another value or a
// command may run elsewhere. `script` has been parsed and still has its text.
void forget_unsure_values(Script& script);

// Gives each command the variables that the script has set for it, as assignments of its own, so that it can be asked
// about apart from the script. `is_set`: of a variable that the script is given. False where these are too many.
bool attach_variables(Script& script, const ValueLookup& is_set);

// The names of the functions that a script defines.
std::set<std::string> functions_of(const Script& script);

}  // namespace dockhew::inline ecosystems
