// The command `dockhew`. Unexpected exceptions end here with a message; a user never sees `terminate called`.
#include <signal.h>

#include <exception>
#include <iostream>

#include "clean_up.hpp"
#include "commands.hpp"
#include "language_server/language_server.hpp"
#include "text/utf8.hpp"

namespace dockhew::cli {
namespace {

int run(const Options& options) {
  if (options.command == "lint") return run_lint(options);
  if (options.command == "optimize") return run_optimize(options);
  if (options.command == "layers") return run_layers(options);
  if (options.command == "verify") return run_verify(options);
  if (options.command == "explain") return run_explain(options);
  if (options.command == "rules") return run_rules(options);
  if (options.command == "dump") return run_dump(options);
  if (options.command == "migrate") return run_migrate(options);
  if (options.command == "doctor") return run_doctor(options);
  if (options.command == "lsp") return run_language_server(options);
  complain("", "unknown command `" + options.command + "`; see `dockhew --help`");
  return exit_failed;
}

}  // namespace
}  // namespace dockhew::cli

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
    const auto status = run(options);
    std::cout.flush();
    if (std::cout) return status;
    complain("", "cannot write to standard output");
  } catch (const std::exception& error) {
    complain("", std::string("internal error: ") + error.what() + "; please report this with the file");
  }
  return exit_failed;
}
