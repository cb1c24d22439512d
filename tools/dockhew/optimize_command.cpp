// dockhew optimize: the rewritten file, as a diff with reasons, in place, or to another file.
#include <iostream>

#include "commands.hpp"
#include "configuration.hpp"
#include "files.hpp"
#include "report/text.hpp"
#include "rewrite/rewrite.hpp"
#include "text/utf8.hpp"

namespace dockhew::cli {

int run_optimize(const Options& options) {
  const auto* facts = load_facts(options);
  if (facts == nullptr) return exit_failed;
  const auto inputs = expand_paths(options.operands);
  bool failed = inputs.failed, improved = false;
  if (!options.output.empty() && inputs.paths.size() != 1) {
    complain("", "--output takes one Dockerfile");
    return exit_failed;
  }
  const auto colours = options.colour ? Colours::ansi() : Colours::none();
  for (const auto& path : inputs.paths) {
    const auto read = read_file(path);
    const auto settings = settings_for(options, path);
    if (!read.error.empty() || !settings.error.empty()) {
      complain(path, read.error.empty() ? settings.error : read.error);
      failed = true;
      continue;
    }
    const auto result = rewrite(read.text, *facts, context_of(options, inputs, path, read.text), settings.optimizing,
                                options.least, settings.lint.options);
    if (!result.converged)
      complain(path, "the rewrite did not come to rest after ten rounds; the result is the last one");
    const bool changed = result.text != read.text;
    if (options.output == "-") {
      std::cout << result.text;
    } else if (!options.output.empty() || options.write) {
      if (path == "-" && options.write) {
        complain(path, "--write needs a file; use --output -");
        failed = true;
        continue;
      }
      const auto& target = options.write ? path : options.output;
      if (changed || !options.write) {
        if (const auto error = write_file(target, result.text); !error.empty()) {
          complain(target, error);
          failed = true;
          continue;
        }
      }
      for (const auto& fix : result.applied)
        std::cerr << path << ':' << fix.line << ": " << fix.title << " [" << fix.rule->id << "]\n";
    } else {
      improved |= changed;
      const auto report = format_rewrite(path, read.text, result, colours);
      std::cout << report;
      if (!changed && inputs.paths.size() == 1 && report.empty()) std::cout << "nothing to improve\n";
    }
  }
  for (const auto& note : inputs.notes) std::cerr << escape_for_terminal(note) << '\n';
  return failed ? exit_failed : improved ? exit_found : exit_clean;
}

}  // namespace dockhew::cli
