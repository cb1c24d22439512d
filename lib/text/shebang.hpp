// The first line of a script, by which the kernel finds the program that runs it.
#pragma once

#include <string>
#include <string_view>

namespace dockhew::inline text {

// The name of that program, without its directory, and of what `env` starts: "bash" of `#!/usr/bin/env bash`; empty
// without such a line.
std::string shebang_program(std::string_view script);

}  // namespace dockhew::inline text
