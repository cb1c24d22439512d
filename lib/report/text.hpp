// For people: place, message, the line with the exact span marked, the fix. Everything that comes from a Dockerfile is
// escaped.
#pragma once

#include <cstdint>
#include <string>

#include "report/report.hpp"
#include "text/diff.hpp"

namespace dockhew::inline report {

// ANSI colours, or empty strings.
struct Colours {
  std::string_view bold, dim, red, green, yellow, blue, reset;
  static Colours none() { return {}; }
  static Colours ansi();
};

enum class Escaping : std::uint8_t { off, on };

// Every finding by itself.
std::string format_text(const FileResult& result, const Colours& colours);

// Of many files: what is said of several places of a file is said once, with its lines. A last line counts what is
// said.
extern const ReportFormat text_report;

// What is counted of a file for people: what is said of several places counts once. And the sum, on a line without its
// end: "1 error, 2 warnings, 0 notes in 3 files".
ReportTotals totals_for_people(const FileResult& result);
std::string totals_line(const ReportTotals& totals);

// What stands above the steps that end the build of the file as it was.
const char* heading_of_failing(const Rewrite& rewrite);

// Which build contexts were taken, and why; empty where the user said so.
std::string format_contexts(const std::vector<ContextOrigin>& contexts);

// A diff by itself, for `patch` too.
std::string format_coloured_diff(const std::string& path, std::string_view before, std::string_view after,
                                 const Colours& colours, Escaping escaping);

// A diff with the reason of every change below it, and what was declined. Where it goes to a terminal or a log, all of
// it is escaped; elsewhere it stays a diff that `patch` can apply.
std::string format_rewrite(const std::string& path, std::string_view before, const Rewrite& rewrite,
                           const Colours& colours, Escaping escaping);

}  // namespace dockhew::inline report
