// The command `dockhew`. Unexpected exceptions end here with a message; a user never sees `terminate called`.
#include <signal.h>

#include <exception>
#include <iostream>

#include "clean_up.hpp"
#include "commands.hpp"
#include "line/option_table.hpp"
#include "text/utf8.hpp"

int main(int argc, char** argv) {
  using namespace dockhew::cli;
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
