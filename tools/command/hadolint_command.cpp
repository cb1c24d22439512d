// dockhew hadolint: `lint` with hadolint's options, formats and exit status; line/hadolint_line.cpp has read them.
#include <algorithm>

#include "commands.hpp"

namespace dockhew::cli {

int run_hadolint(const Options& options) {
  const int status = run_lint(options);
  // hadolint has one status for everything that is wrong, and none for formats whose readers judge by themselves.
  if (status == exit_failed) return exit_found;
  const bool is_judged_elsewhere = std::ranges::any_of(options.reports, [](const ReportTarget& report) {
    return report.format == "codeclimate" || report.format == "codacy";
  });
  return is_judged_elsewhere ? exit_clean : status;
}

}  // namespace dockhew::cli
