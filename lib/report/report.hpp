// A report over many files, written piece by piece: what it says of a file needs that file alone, so pieces can be made
// at the same time, and no file has to be kept until the last one is read. A format is a constant of functions.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lint/rule.hpp"
#include "report/result.hpp"

namespace dockhew::inline report {

// What a report says of all files together.
struct ReportTotals {
  struct Unreadable {
    std::string path, error;
  };

  std::size_t files = 0, clean = 0;  // clean: without findings
  std::size_t errors = 0, warnings = 0, notes = 0;
  std::size_t fixable = 0, safely_fixable = 0;
  std::vector<Unreadable> unreadable;
  std::vector<Unreadable> unchecked;  // a part of these was not

  struct OfRule {
    std::size_t findings = 0, fixable = 0;  // fixable: safely
    Severity severity = Severity::off;
  };
  std::map<std::string, OfRule> by_rule;  // where a format asks for it

  std::size_t findings() const { return errors + warnings + notes; }
  void count(Severity severity);
  void add(ReportTotals more);
};
ReportTotals totals_of(const FileResult& result);

// Whether `lint --fix` would take one of its fixes.
bool is_safely_fixable(const Finding& finding);

// What a report knows beforehand.
struct ReportContext {
  std::vector<const Rule*> rules;  // that can have findings, by their id
  std::string version;
  bool colour = false;  // for a terminal
};
// Rules that no configuration chooses are added; the rest may come in any order.
ReportContext report_context(std::vector<const Rule*> rules, std::string_view version, bool colour);

struct ReportFormat {
  struct Frame {
    std::string before, after;
  };

  std::string_view name;
  std::string_view separator;  // between two pieces
  // What is said of one file; empty when nothing is. Several threads may ask at once.
  std::string (*piece)(const FileResult& result, const ReportContext& context);
  // The text around the pieces. `empty`: there are none. What is before them is written before there are totals, so
  // that no report is ever held in memory.
  Frame (*frame)(const ReportTotals& totals, const ReportContext& context, bool empty);
  // What this format counts of one file.
  ReportTotals (*totals)(const FileResult& result) = totals_of;
};

// Puts a report together: each call gives what can be written next.
class ReportWriter {
 public:
  ReportWriter(const ReportFormat& format, ReportContext context);
  const ReportContext& context() const { return context_; }

  // The pieces come in the order of the files.
  std::string add(std::string piece, ReportTotals totals);
  std::string finish();

 private:
  const ReportFormat& format_;
  ReportContext context_;
  ReportTotals totals_;
  bool begun_ = false, empty_ = true;
};

}  // namespace dockhew::inline report
