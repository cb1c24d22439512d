#include "report/gitlab.hpp"

#include "lint/rule.hpp"
#include "report/fingerprint.hpp"
#include "report/json_list.hpp"
#include "report/repeated.hpp"
#include "text/json.hpp"

namespace dockhew::inline report {
namespace {

std::string_view level(Severity severity) {
  return severity == Severity::error     ? "critical"
         : severity == Severity::warning ? "major"
         : severity == Severity::info    ? "minor"
                                         : "info";
}

Json issue(std::string_view check, std::string_view text, std::string_view level, std::string fingerprint,
           const std::string& path, std::size_t first, std::size_t last) {
  return {{"type", "issue"},
          {"check_name", check},
          {"description", text},
          {"categories", Json::array("Bug Risk")},
          {"severity", level},
          {"fingerprint", std::move(fingerprint)},
          {"location", {{"path", path}, {"lines", {{"begin", first}, {"end", last}}}}}};
}

std::string piece(const FileResult& result, const ReportContext&) {
  std::string issues;
  const auto path = result.path.starts_with("./") ? result.path.substr(2) : result.path;
  if (!result.error.empty())
    add_element(issues, issue("unreadable-file", result.error, "blocker", path, path, 1, 1), 0);
  if (const auto source = result.source()) {
    const LineIndex lines(*source);
    SeenFingerprints seen;
    for (const auto& finding : result.findings)
      // GitLab tells issues apart by the fingerprint alone, across all files.
      add_element(issues,
                  issue(finding.rule->id, with_places(lines, finding), level(finding.severity),
                        path + ':' + fingerprint(finding, lines, seen), path, lines.line(finding.span.begin),
                        lines.line(finding.span.empty() ? finding.span.begin : finding.span.end - 1)),
                  0);
  }
  return issues;
}

ReportFormat::Frame frame(const ReportTotals&, const ReportContext&, bool empty) {
  return {"[", empty ? "]\n" : "\n]\n"};
}

}  // namespace

const ReportFormat gitlab_report{"gitlab", ",", piece, frame};

}  // namespace dockhew::inline report
