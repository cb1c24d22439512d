#include "report/github.hpp"

#include <fmt/format.h>

#include "lint/rule.hpp"
#include "report/repeated.hpp"
#include "text/position.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline report {
namespace {

// A newline would end the command, and text from the file could begin another one.
std::string escaped(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text)
    out += special.find(c) != special.npos ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
  return out;
}

std::string message(std::string_view text) { return escaped(escape_for_terminal(text), "%\r\n"); }
std::string property(std::string_view text) { return escaped(escape_for_terminal(text), "%\r\n:,"); }

std::string_view command(Severity severity) {
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "notice";
}

std::string piece(const FileResult& result, const ReportContext&) {
  std::string out;
  if (!result.error.empty()) out = fmt::format("::error file={}::{}\n", property(result.path), message(result.error));
  if (!result.unchecked.empty())
    out = fmt::format("::error file={}::{}\n", property(result.path), message(result.unchecked));
  const auto source = result.source();
  if (!source) return out;
  const LineIndex lines(*source);
  for (const auto& repeated : group_repeated(result.findings)) {
    const auto& finding = *repeated.first;
    const auto message_text = with_places(lines, finding, repeated.others);
    const auto begin = lines.position(finding.span.begin), end = lines.position(finding.span.end);
    // Columns only work within one line.
    const auto place = begin.line == end.line ? fmt::format(",col={},endColumn={}", begin.column, end.column) : "";
    out += fmt::format("::{} file={},line={},endLine={}{},title={}::{}\n", command(finding.severity),
                       property(result.path), begin.line, end.line, place, property(finding.rule->id),
                       message(message_text));
  }
  return out;
}

ReportFormat::Frame frame(const ReportTotals&, const ReportContext&, bool) { return {}; }

}  // namespace

const ReportFormat github_report{"github", "", piece, frame};

}  // namespace dockhew::inline report
