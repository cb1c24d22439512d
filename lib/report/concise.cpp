#include "report/concise.hpp"

#include <fmt/format.h>

#include "lint/rule.hpp"
#include "report/repeated.hpp"
#include "text/position.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline report {
namespace {

std::string piece(const FileResult& result, const ReportContext&) {
  std::string out;
  const auto source = result.source();
  if (!source) return out;
  const LineIndex lines(*source);
  const auto path = escape_for_terminal(result.path);
  for (const auto& finding : result.findings) {
    const auto place = lines.position(finding.span.begin);
    out += fmt::format("{}:{}:{}: {} {} {}\n", path, place.line, place.column, to_string(finding.severity),
                       escape_for_terminal(finding.rule->id), escape_for_terminal(with_places(lines, finding)));
  }
  return out;
}

ReportFormat::Frame frame(const ReportTotals&, const ReportContext&, bool) { return {}; }

}  // namespace

const ReportFormat concise_report{"concise", "", piece, frame};

}  // namespace dockhew::inline report
