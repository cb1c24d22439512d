// How Ruby finds what it runs in an image: the script of a command line, and what that loads by its path.
#pragma once

#include "ecosystems/interpreter.hpp"

namespace dockhew::inline ecosystems {

extern const Interpreter ruby_interpreter;

}  // namespace dockhew::inline ecosystems
