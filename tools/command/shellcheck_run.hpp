// Runs ShellCheck over all scripts of one Dockerfile at once. Answers are kept in the user's cache directory, so that
// unchanged scripts are not checked twice.
#pragma once

#include <string>
#include <vector>

#include "lint/shellcheck.hpp"

namespace dockhew::cli {

struct ShellcheckAnswer {
  std::string json;   // in the format json1
  std::string error;  // for the user: why there is none
  bool late = false;  // it ran out of time, so these scripts are not checked although they could be
};

// On so many cores, if there are scripts for them.
ShellcheckAnswer run_shellcheck(const std::vector<ShellScript>& scripts, std::size_t processes);

}  // namespace dockhew::cli
