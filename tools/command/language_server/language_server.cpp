#include "language_server/language_server.hpp"

#include <signal.h>
#include <unistd.h>

#include <filesystem>

#include "commands.hpp"
#include "language_server/server.hpp"

namespace dockhew::cli {
namespace {

// The server moves into the project, but these are relative to where it was started.
void make_absolute(Options& options) {
  const auto absolute = [](std::string& path) {
    std::error_code error;
    if (!path.empty()) path = std::filesystem::absolute(path, error).string();
  };
  absolute(options.configuration);
  absolute(options.context);
  for (auto& path : options.rules) absolute(path);
}

}  // namespace

int run_language_server(const Options& options) {
  const auto* facts = load_facts(options);
  if (facts == nullptr) return exit_failed;
  auto own_options = options;
  make_absolute(own_options);
  ::signal(SIGPIPE, SIG_IGN);  // when the editor is gone, this ends like any other time
  // Standard output belongs to the protocol: whatever else is printed goes where people look for complaints.
  const auto output = ::dup(STDOUT_FILENO);
  if (output < 0 || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
    complain("", "cannot use standard output");
    return exit_failed;
  }
  const auto status = Server(own_options, *facts, STDIN_FILENO, output).run();
  ::close(output);
  return status;
}

}  // namespace dockhew::cli
