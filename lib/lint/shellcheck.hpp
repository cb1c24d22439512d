// What ShellCheck reports for the scripts in a Dockerfile, mapped to places in the Dockerfile. The library prepares the
// scripts and reads the answer; running the program is up to the caller.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lint/finding.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::inline lint {

// One script: a RUN's, a heredoc's, or that of a CMD, ENTRYPOINT or HEALTHCHECK in shell form.
struct ShellScript {
  std::string header;        // what precedes the text: the line that names the shell
  LogicalText text;          // of the Dockerfile; views into it
  Bindings environment;      // of the stage
  std::size_t bindings = 0;  // how many of them are in force
  bool in_child = false;     // after ONBUILD

  std::string file() const { return header + std::string(text.view()) + '\n'; }  // as passed to ShellCheck
};

// Those that ShellCheck understands: sh, bash, dash, ash and ksh.
std::vector<ShellScript> shell_scripts(const Dockerfile& file);

// Reads ShellCheck's answers in its format `json1`, one per line, on files that are named after the index of their
// script: "0", "/tmp/x/12". Style findings and all others belong to two different rules. Lines that are not such
// documents give nothing.
std::vector<Finding> read_shellcheck(const std::vector<ShellScript>& scripts, std::string_view answer);

}  // namespace dockhew::inline lint
