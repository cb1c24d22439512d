// The first line of a script, by which the kernel finds the program that runs it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dockhew::inline text {

struct Shebang {
  std::string interpreter;  // as it is written: "/bin/bash", "/usr/bin/env"
  std::string searched;     // what `env` looks for in PATH: "python3"; empty where the interpreter is no env

  const std::string& program() const { return searched.empty() ? interpreter : searched; }
};

// Nothing without such a line. Options of `env` and the variables that it sets are left out.
std::optional<Shebang> find_shebang(std::string_view script);

// The name of the program, without its directory: "bash" of `#!/usr/bin/env bash`; empty without such a line.
std::string shebang_program(std::string_view script);

}  // namespace dockhew::inline text
