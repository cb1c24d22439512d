// How Python finds what it runs in an image: the script or module of a command line, and the modules that it imports.
#pragma once

#include "ecosystems/interpreter.hpp"

namespace dockhew::inline ecosystems {

extern const Interpreter python_interpreter;

}  // namespace dockhew::inline ecosystems
