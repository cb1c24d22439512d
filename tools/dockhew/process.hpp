// Starts a program without a shell, waits for it within a limit of time, and gives what it printed.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace dockhew::cli {

struct ProcessResult {
  int status = -1;     // exit status; -1 when it could not be started or was stopped
  std::string output;  // standard output; standard error is thrown away
  std::string error;   // why there is no status, for a person
};

// The program is arguments[0], looked up in PATH. Its standard input is empty.
ProcessResult run_process(const std::vector<std::string>& arguments, std::chrono::seconds limit);

// The file that a command name stands for in PATH; empty when there is none.
std::string find_program(const std::string& name);

}  // namespace dockhew::cli
