#include "report/rdjson.hpp"

#include "lint/rule.hpp"
#include "report/json_list.hpp"
#include "report/repeated.hpp"
#include "text/json.hpp"
#include "text/position.hpp"

namespace dockhew::inline report {
namespace {

std::string_view level(Severity severity) {
  return severity == Severity::error ? "ERROR" : severity == Severity::warning ? "WARNING" : "INFO";
}

// reviewdog counts bytes.
Json position(const LineIndex& lines, std::uint32_t offset) {
  const auto line = lines.line(offset);
  return {{"line", line}, {"column", offset - lines.line_begin(line) + 1}};
}

Json range(const LineIndex& lines, Span span) {
  return {{"start", position(lines, span.begin)}, {"end", position(lines, span.end)}};
}

// A suggestion is one edit, and a service shows a button for it: only what is safe, and whole.
Json suggestions(const LineIndex& lines, const Finding& finding) {
  Json list = Json::array();
  for (const auto& fix : finding.fixes)
    if (fix.applicability == Applicability::safe && fix.edits.size() == 1)
      list.push_back({{"range", range(lines, fix.edits[0].span)}, {"text", fix.edits[0].text}});
  return list;
}

std::string piece(const FileResult& result, const ReportContext&) {
  std::string out;
  for (const auto& problem : {result.error, result.unchecked})
    if (!problem.empty())
      add_element(out, {{"message", problem}, {"location", {{"path", result.path}}}, {"severity", "ERROR"}}, 1);
  const auto source = result.source();
  if (!source) return out;
  const LineIndex lines(*source);
  for (const auto& finding : result.findings) {
    Json diagnostic = {{"message", with_places(lines, finding)},
                       {"location", {{"path", result.path}, {"range", range(lines, finding.span)}}},
                       {"severity", level(finding.severity)},
                       {"code", {{"value", finding.rule->id}, {"url", rule_url(finding.rule->id)}}}};
    if (auto edits = suggestions(lines, finding); !edits.empty()) diagnostic["suggestions"] = std::move(edits);
    add_element(out, diagnostic, 1);
  }
  return out;
}

ReportFormat::Frame frame(const ReportTotals&, const ReportContext&, bool empty) {
  const Json document = {{"source", {{"name", "dockhew"}, {"url", project_url()}}}, {"diagnostics", Json::array()}};
  return frame_around(document, "diagnostics", 1, empty);
}

}  // namespace

const ReportFormat rdjson_report{"rdjson", ",", piece, frame};

}  // namespace dockhew::inline report
