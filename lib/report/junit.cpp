#include "report/junit.hpp"

#include <fmt/format.h>

#include "lint/rule.hpp"
#include "report/repeated.hpp"
#include "report/xml.hpp"
#include "text/position.hpp"

namespace dockhew::inline report {

namespace {

std::string piece(const FileResult& result, const ReportContext&) {
  const auto path = xml_escaped(result.path);
  const bool unreadable = !result.error.empty();
  const auto found = result.findings.size(), cases = found > 0 ? found : 1;
  auto suite = fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n", path, cases, found,
                           unreadable ? 1 : 0);
  if (unreadable)
    suite += fmt::format("    <testcase classname=\"{0}\" name=\"read\"><error message=\"{1}\"/></testcase>\n", path,
                         xml_escaped(result.error));
  else if (found == 0) suite += fmt::format("    <testcase classname=\"{}\" name=\"lint\"/>\n", path);
  if (found > 0) {
    const LineIndex lines(*result.source());
    for (const auto& finding : result.findings) {
      const auto place = lines.position(finding.span.begin);
      suite += fmt::format(
          "    <testcase classname=\"{0}\" name=\"{1}:{2}:{3}\">\n"
          "      <failure type=\"{4}\" message=\"{5}\">{0}:{2}:{3}: {5}</failure>\n    </testcase>\n",
          path, xml_escaped(finding.rule->id), place.line, place.column, to_string(finding.severity),
          xml_escaped(with_places(lines, finding)));
    }
  }
  return suite + "  </testsuite>\n";
}

// Totals would stand before the suites and so be known too late; readers add them up.
ReportFormat::Frame frame(const ReportTotals&, const ReportContext&, bool) {
  return {"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"dockhew\">\n", "</testsuites>\n"};
}

}  // namespace

const ReportFormat junit_report{"junit", "", piece, frame};

}  // namespace dockhew::inline report
