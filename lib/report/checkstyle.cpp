#include "report/checkstyle.hpp"

#include <fmt/format.h>

#include "lint/rule.hpp"
#include "report/repeated.hpp"
#include "report/xml.hpp"
#include "text/position.hpp"

namespace dockhew::inline report {
namespace {

std::string_view level(Severity severity) {
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "info";
}

std::string piece(const FileResult& result, const ReportContext&) {
  auto out = fmt::format("<file name='{}'>\n", xml_escaped(result.path));
  if (!result.error.empty())
    out += fmt::format("<error line='1' severity='error' message='{}' source='dockhew.unreadable-file'/>\n",
                       xml_escaped(result.error));
  if (const auto source = result.source()) {
    const LineIndex lines(*source);
    for (const auto& finding : result.findings) {
      const auto place = lines.position(finding.span.begin);
      out += fmt::format("<error line='{}' column='{}' severity='{}' message='{}' source='dockhew.{}'/>\n", place.line,
                         place.column, level(finding.severity), xml_escaped(with_places(lines, finding)),
                         xml_escaped(finding.rule->id));
    }
  }
  return out + "</file>\n";
}

ReportFormat::Frame frame(const ReportTotals&, const ReportContext&, bool) {
  return {"<?xml version='1.0' encoding='UTF-8'?>\n<checkstyle version='4.3'>\n", "</checkstyle>\n"};
}

}  // namespace

const ReportFormat checkstyle_report{"checkstyle", "", piece, frame};

}  // namespace dockhew::inline report
