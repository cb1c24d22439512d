// Starts a program without a shell, waits for it within a limit of time, and returns what it printed. A program that is
// stopped, by the limit or because the user interrupts dockhew, is stopped together with everything it started.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace dockhew::cli {

struct ProcessResult {
  int status = -1;     // exit status; -1 when it could not be started or was stopped
  std::string output;  // what it printed, unless it was consumed line by line
  std::string error;   // why there is no status, for the user
  bool late = false;   // it was stopped by the limit of time
};

constexpr std::size_t most_output = std::size_t{64} << 20U;  // bytes

// The program is arguments[0], looked up in PATH. Its standard input is empty, unless a Process says something else;
// its standard error is discarded.
ProcessResult run_process(const std::vector<std::string>& arguments, std::chrono::seconds limit,
                          std::size_t most = most_output);
// The same for what cleans up: an interrupt waits for it.
ProcessResult run_clean_up(const std::vector<std::string>& arguments, std::chrono::seconds limit);

struct Process {
  std::vector<std::string> arguments;
  std::vector<std::string> environment;  // "NAME=value", in addition to what is inherited
  std::chrono::seconds limit{3600};
  std::string input = {};  // what it reads; kept in memory, and nowhere that others see it
};

// Standard output alone, of a program that is given something to read.
ProcessResult ask_process(const Process& process, std::size_t most);

// Standard output piece by piece, as it comes; the program is stopped when `on_bytes` wants no more.
ProcessResult stream_process(const Process& process, const std::function<bool(std::string_view bytes)>& on_bytes);

// Standard output and standard error come as one. More than so many bytes are an error, above too.
ProcessResult collect_process(const Process& process, std::size_t most);

// The same line by line, as they are printed. Lines come without their ending, and without what is beyond 64 KiB.
ProcessResult follow_process(const Process& process, const std::function<void(std::string_view line)>& on_line);

// From now on, Ctrl-C and SIGTERM end the running program rather than this one, which cleans up and exits by itself; a
// second one ends this one too, as clean_up_when_stopped has it. What a program leaves in the background, also in a
// session of its own, is ended after it. For commands that run one program at a time.
void catch_interruption();
bool interrupted();

// The file that a command name refers to in PATH; empty when there is none.
std::string find_program(const std::string& name);

}  // namespace dockhew::cli
