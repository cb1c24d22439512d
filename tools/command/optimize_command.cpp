// dockhew optimize: the rewritten file, as a diff with reasons, in place, or to another file.
#include <iostream>

#include "build_file_rewrite.hpp"
#include "commands.hpp"
#include "configuration.hpp"
#include "files.hpp"
#include "ignore_file.hpp"
#include "ordered_work.hpp"
#include "report/text.hpp"
#include "rewrite/rewrite.hpp"
#include "text/ci_log.hpp"
#include "text/utf8.hpp"
#include "writing.hpp"

namespace dockhew::cli {
namespace {

struct Optimized {
  std::string output;  // for standard output
  std::string notes;   // for standard error
  ProposedIgnore ignore;
  bool failed = false, improved = false;
};

// The result as a file, and what was done to get there as notes.
void write_result(const Options& options, const std::string& path, const std::string& before, const Rewrite& result,
                  Optimized& out) {
  const bool changed = result.text != before;
  const auto fail = [&](const std::string& name, const std::string& message) {
    out.notes += complaint(name, message);
    out.failed = true;
  };
  const auto& target = options.write ? path : options.output;
  if (changed || !options.write) {
    const auto written = options.write ? replace_file(path, before, result.text) : write_file(target, result.text);
    if (!written.error.empty()) return fail(target, written.error);
    if (!written.note.empty()) out.notes += complaint(target, written.note);
  }
  out.notes += applied_notes(path, result);
}

Optimized optimize(const Options& options, const Inputs& inputs, const Facts& facts, const std::string& path) {
  Optimized out;
  const auto read = read_file(path);
  const auto settings = settings_for(options, path);
  if (!read.error.empty() || !settings.error.empty()) {
    out.notes = complaint(path, read.error.empty() ? settings.error : read.error);
    out.failed = true;
    return out;
  }
  const auto original = Dockerfile::read(
      read.text, facts, [&](const Dockerfile& file) { return context_of(options, inputs, path, file); });
  // --output writes the Dockerfile alone, which then counts on nothing else.
  auto both =
      options.output.empty()
          ? rewrite_with_ignore(options, settings, path, original)
          : RewriteWithIgnore{rewrite_file(original, settings.optimizing, options.least, settings.lint.options), {}};
  const auto& result = both.result;
  out.ignore = std::move(both.ignore);
  if (!result.converged)
    out.notes = complaint(path, "the rewrite was still changing after ten rounds; this is the last result");
  const bool changed = result.text != read.text;
  if (options.output == "-") {
    out.output = options.terminal ? escape_lines(result.text) : result.text;
    if (out.output != result.text)
      out.notes = complaint(path,
                            "printed with escapes, because standard output is a terminal or the log of a CI job; "
                            "use --output FILE to get the file as it is");
  } else if (!options.output.empty() || options.write) {
    write_result(options, path, read.text, result, out);
  } else {
    out.improved = changed;
    out.output = format_rewrite(path, read.text, result, options.colour ? Colours::ansi() : Colours::none(),
                                options.terminal ? Escaping::on : Escaping::off);
    // Only where all of the file was understood.
    if (!changed && inputs.paths.size() == 1 && out.output.empty() && out.ignore.empty())
      out.output = "nothing to improve\n";
  }
  return out;
}

}  // namespace

int run_optimize(const Options& options) {
  const auto* facts = load_facts(options);
  if (facts == nullptr) return exit_failed;
  const auto inputs = expand_paths(options.operands);
  bool failed = inputs.failed, improved = false;
  if (!options.output.empty() && inputs.paths.size() != 1) {
    complain("", "--output takes one Dockerfile");
    return exit_failed;
  }
  IgnoreFiles ignore_files(options);
  work_in_order(
      inputs.paths.size(), threads_for(options, inputs),
      [&](std::size_t i) { return optimize(options, inputs, *facts, inputs.paths[i]); },
      [&](const Optimized& file) {
        const auto ignore = ignore_files.add(file.ignore);
        std::cerr << file.notes << ignore.notes;
        std::cout << file.output << ignore.output;
        failed |= file.failed || ignore.failed;
        improved |= file.improved || ignore.improved;
      });
  if (options.output.empty())
    for (const auto& path : inputs.build_files) {
      const auto file = optimize_build_file(options, *facts, path, *inputs.repositories);
      std::cerr << file.notes;
      std::cout << file.output;
      failed |= file.failed;
      improved |= file.improved;
    }
  for (const auto& note : inputs.notes) std::cerr << escape_for_terminal(note) << '\n';
  return failed ? exit_failed : improved ? exit_found : exit_clean;
}

}  // namespace dockhew::cli
