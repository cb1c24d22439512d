// What ShellCheck reports for the scripts in a Dockerfile, mapped to places in the Dockerfile. The library prepares the
// scripts and reads the answer; running the program is up to the caller.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lint/finding.hpp"
#include "model/dockerfile.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline lint {

// What the shell of a script understands, as far as the Dockerfile and the tables tell.
enum class ScriptDialect : std::uint8_t { unknown, dash, busybox, bash, ksh };

// For whom the scripts are checked: `hadolint` has one idea of what `sh` is and which variables there are, and reads
// the scripts of RUN only.
enum class ScriptReader : std::uint8_t { dockhew, hadolint };

// One script: a RUN's, a heredoc's, or that of a CMD, ENTRYPOINT or HEALTHCHECK in shell form.
struct ShellScript {
  std::string header;  // lines that precede the text: the shell's name and, for hadolint, the variables
  ScriptDialect dialect = ScriptDialect::unknown;
  ScriptReader reader = ScriptReader::dockhew;
  LogicalText text;          // of the Dockerfile; views into it
  Bindings environment;      // of the stage
  std::size_t bindings = 0;  // how many of them are in force
  bool in_child = false;     // after ONBUILD

  std::string file() const { return header + std::string(text.view()) + '\n'; }  // as passed to ShellCheck
};

// Those that ShellCheck understands: sh, bash, dash, ash and ksh. Templates are none of them.
std::vector<ShellScript> shell_scripts(const Dockerfile& file, ScriptReader reader = ScriptReader::dockhew);

// Reads ShellCheck's answers in its format `json1`, one per line, on files that are named after the index of their
// script: "0", "/tmp/x/12". What matters in a build and mere remarks belong to two different rules; what is false there
// is left out, unless hadolint would report it. Half an answer is none.
Outcome<std::vector<Finding>> read_shellcheck(const std::vector<ShellScript>& scripts, std::string_view answer);

}  // namespace dockhew::inline lint
