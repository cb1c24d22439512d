#include "report/azure.hpp"

#include <fmt/format.h>

#include "lint/rule.hpp"
#include "report/repeated.hpp"
#include "text/position.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline report {
namespace {

// What would end the command or a property of it, as Azure's agent reads it back.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : escape_for_terminal(text)) {
    if (c == '%') out += "%AZP25";
    else if (c == '\r' || c == '\n' || c == ';' || c == ']')
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else out += c;
  }
  return out;
}

// Azure has two kinds of issues.
std::string_view kind(Severity severity) { return severity == Severity::error ? "error" : "warning"; }

std::string piece(const FileResult& result, const ReportContext&) {
  std::string out;
  for (const auto& problem : {result.error, result.unchecked})
    if (!problem.empty())
      out += fmt::format("##vso[task.logissue type=error;sourcepath={}]{}\n", escaped(result.path), escaped(problem));
  const auto source = result.source();
  if (!source) return out;
  const LineIndex lines(*source);
  for (const auto& repeated : group_repeated(result.findings)) {
    const auto& finding = *repeated.first;
    const auto place = lines.position(finding.span.begin);
    out += fmt::format("##vso[task.logissue type={};sourcepath={};linenumber={};columnnumber={};code={}]{}\n",
                       kind(finding.severity), escaped(result.path), place.line, place.column,
                       escaped(finding.rule->id), escaped(with_places(lines, finding, repeated.others)));
  }
  return out;
}

ReportFormat::Frame frame(const ReportTotals&, const ReportContext&, bool) { return {}; }

}  // namespace

const ReportFormat azure_report{"azure", "", piece, frame};

}  // namespace dockhew::inline report
