// The reports of one run of `lint`: several at once, each on standard output or into a file.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "options.hpp"
#include "report/report.hpp"

namespace dockhew::cli {

// What is said of one file, in each of the formats.
struct ReportPieces {
  std::vector<std::string> texts;
  std::vector<ReportTotals> totals;
};

class LintReports {
 public:
  // `rules`: those that can have findings.
  LintReports(const Options& options, const std::vector<const Rule*>& rules);

  // Several threads may ask at once.
  ReportPieces pieces(const FileResult& result) const;

  // In the order of the files. What goes to standard output is printed at once, so that no report of many files is
  // held.
  void add(ReportPieces pieces);
  // False, after an error message, where a file could not be written.
  bool finish();

 private:
  struct Target {
    const ReportFormat& format;
    ReportWriter writer;
    std::string file;  // empty: standard output
    std::string text;  // for the file
  };
  static void put(Target& target, std::string text);

  std::deque<Target> targets_;
};

// The format of this name, hadolint's own where the command is hadolint's; null where there is none.
const ReportFormat* report_format(const Options& options, std::string_view name);

}  // namespace dockhew::cli
