// How Node finds what it runs in an image: the script of a command line, and the modules that a script loads.
#pragma once

#include "ecosystems/interpreter.hpp"

namespace dockhew::inline ecosystems {

extern const Interpreter node_interpreter;

}  // namespace dockhew::inline ecosystems
