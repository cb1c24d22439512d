#include "report/junit.hpp"

#include <fmt/format.h>

#include "lint/rule.hpp"
#include "report/xml.hpp"
#include "text/position.hpp"

namespace dockhew {

std::string format_junit(const std::vector<FileResult>& results) {
  std::string suites;
  std::size_t tests = 0, failures = 0, errors = 0;
  for (const auto& result : results) {
    const auto path = xml_escaped(result.path);
    const bool unreadable = !result.error.empty();
    const auto found = result.findings.size(), cases = found > 0 ? found : 1;
    suites += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n", path, cases, found,
                          unreadable ? 1 : 0);
    if (unreadable)
      suites += fmt::format("    <testcase classname=\"{0}\" name=\"read\"><error message=\"{1}\"/></testcase>\n", path,
                            xml_escaped(result.error));
    else if (found == 0) suites += fmt::format("    <testcase classname=\"{}\" name=\"lint\"/>\n", path);
    if (found > 0) {
      const LineIndex lines(result.file->source());
      for (const auto& finding : result.findings) {
        const auto place = lines.position(finding.span.begin);
        suites += fmt::format(
            "    <testcase classname=\"{0}\" name=\"{1}:{2}:{3}\">\n"
            "      <failure type=\"{4}\" message=\"{5}\">{0}:{2}:{3}: {5}</failure>\n    </testcase>\n",
            path, xml_escaped(finding.rule->id), place.line, place.column, to_string(finding.severity),
            xml_escaped(finding.message));
      }
    }
    suites += "  </testsuite>\n";
    tests += cases;
    failures += found;
    errors += unreadable ? 1 : 0;
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"dockhew\" tests=\"{}\" failures=\"{}\" "
      "errors=\"{}\">\n{}</testsuites>\n",
      tests, failures, errors, suites);
}

}  // namespace dockhew
