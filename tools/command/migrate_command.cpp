// dockhew migrate: writes a `.dockhew.yaml` equivalent to hadolint's configuration.
#include <filesystem>
#include <iostream>

#include "commands.hpp"
#include "configuration.hpp"
#include "text/utf8.hpp"
#include "writing.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;

int run_migrate(const Options& options) {
  const std::string operand = options.operands.empty() ? "." : options.operands[0];
  std::error_code error;
  std::string path = operand;
  if (fs::is_directory(operand, error)) {
    for (const auto* name : {".hadolint.yaml", ".hadolint.yml"})
      if (path == operand && fs::is_regular_file(fs::path(operand) / name, error))
        path = (fs::path(operand) / name).string();
    if (path == operand) return complain(operand, "there is no .hadolint.yaml in this directory"), exit_failed;
  }
  const auto configuration = read_hadolint_configuration(path);
  if (!configuration.error.empty()) return complain("", configuration.error), exit_failed;
  const auto text = write_configuration(configuration, fs::path(path).filename().string());
  if (options.output == "-") return std::cout << text, exit_clean;
  const auto target =
      options.output.empty() ? (fs::path(path).parent_path() / ".dockhew.yaml").string() : options.output;
  if (fs::exists(target, error))
    return complain(target, "this file already exists; use `--output -` to print the new one"), exit_failed;
  if (const auto failure = write_file(target, text).error; !failure.empty())
    return complain(target, failure), exit_failed;
  std::cout << escape_for_terminal(target) << ": written; " << escape_for_terminal(path)
            << " is no longer read and can be removed\n";
  return exit_clean;
}

}  // namespace dockhew::cli
