// The command `dockhew`. Unexpected exceptions end here with a message; a user never sees `terminate called`.
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <iostream>

#include "clean_up.hpp"
#include "commands.hpp"
#include "line/option_table.hpp"
#include "text/utf8.hpp"

namespace {

// For an exception that does not reach `main`, as in a thread. There may be no memory.
[[noreturn]] void end_with_message() {
  const auto say = [](const char* text) {
    if (::write(STDERR_FILENO, text, std::strlen(text)) < 0) std::_Exit(dockhew::cli::exit_failed);
  };
  say("dockhew: internal error: ");
  try {
    if (const auto exception = std::current_exception()) std::rethrow_exception(exception);
    say("terminated");
  } catch (const std::exception& error) {
    say(error.what());
  } catch (...) {
    say("unknown");
  }
  say("; please report this with the file\n");
  std::_Exit(dockhew::cli::exit_failed);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace dockhew::cli;
  std::set_terminate(end_with_message);
  std::ios::sync_with_stdio(false);
  ::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow any further is an error of the write
  try {
    const auto parsed = parse_options(argc, argv);
    if (parsed.status != -1) {
      if (parsed.status == exit_clean) std::cout << parsed.message << '\n';
      else std::cerr << dockhew::escape_for_terminal(parsed.message) << '\n';
      return parsed.status;
    }
    const auto& options = parsed.options;
    if (options.command != "verify") clean_up_when_stopped();  // which ends by itself, after its builder
    const auto status = find_command(options.command)->run(options);
    std::cout.flush();
    if (std::cout) return status;
    complain("", "cannot write to standard output");
  } catch (const std::exception& error) {
    complain("", std::string("internal error: ") + error.what() + "; please report this with the file");
  }
  return exit_failed;
}
