// hadolint's command line: its options, its environment and its search for a configuration, as hadolint 2.15 has them,
// so that calls of hadolint keep working when dockhew is put in its place.
#pragma once

#include <string>

#include "line/given.hpp"
#include "options.hpp"

namespace dockhew::cli {

// Sets what `lint` needs to answer as hadolint does. Returns an error message for the user.
std::string read_hadolint_line(const Given& given, Options& options);

// Whether a program is called by hadolint's name.
bool is_called_hadolint(const char* program);

}  // namespace dockhew::cli
