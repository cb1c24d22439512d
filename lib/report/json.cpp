#include "report/json.hpp"

#include "lint/rule.hpp"
#include "report/json_list.hpp"
#include "text/json.hpp"
#include "text/position.hpp"

namespace dockhew::inline report {
namespace {

Json position(const Position& place) { return {{"line", place.line}, {"column", place.column}}; }

Json range(const LineIndex& lines, Span span) {
  return {{"start", position(lines.position(span.begin))}, {"end", position(lines.position(span.end))}};
}

Json fix_json(const LineIndex& lines, const Fix& fix) {
  Json out = {{"title", fix.title}, {"applicability", to_string(fix.applicability)}};
  out["assumptions"] = Json::array();
  for (const auto& assumption : fix.assumptions)
    out["assumptions"].push_back({{"id", assumption.id}, {"text", assumption.sentence}});
  out["edits"] = Json::array();
  for (const auto& edit : fix.edits)
    out["edits"].push_back({{"range", range(lines, edit.span)},
                            {"bytes", Json::array(edit.span.begin, edit.span.end)},
                            {"text", edit.text}});
  if (!fix.checklist.empty()) out["checklist"] = fix.checklist;
  if (!fix.declined.empty()) out["declined"] = fix.declined;
  return out;
}

Json finding_json(const LineIndex& lines, const Finding& finding) {
  Json out = {{"rule", finding.rule->id},
              {"aliases", finding.aliases},
              {"severity", to_string(finding.severity)},
              {"message", finding.message},
              {"range", range(lines, finding.span)},
              {"bytes", Json::array(finding.span.begin, finding.span.end)},
              {"url", rule_url(finding.rule->id)}};
  for (const auto& span : finding.related)
    out["related"].push_back({{"range", range(lines, span)}, {"bytes", Json::array(span.begin, span.end)}});
  out["fixes"] = Json::array();
  for (const auto& fix : finding.fixes) out["fixes"].push_back(fix_json(lines, fix));
  return out;
}

std::string piece(const FileResult& result, const ReportContext&) {
  Json file = {{"path", result.path}, {"errors", Json::array()}, {"findings", Json::array()}};
  std::string findings;
  for (const auto& error : {result.error, result.unchecked})
    if (!error.empty()) file["errors"].push_back({{"message", error}});
  if (const auto source = result.source()) {
    const LineIndex lines(*source);
    for (const auto& finding : result.findings) add_element(findings, finding_json(lines, finding), 3);
  }
  std::string text;
  add_element(text, file, 1);
  return with_elements(text, "findings", std::move(findings), 3);
}

ReportFormat::Frame frame(const ReportTotals& totals, const ReportContext&, bool empty) {
  const Json document = {{"version", 1},
                         {"files", Json::array()},
                         {"summary",
                          {{"files", totals.files},
                           {"unreadable", totals.unreadable.size()},
                           {"unchecked", totals.unchecked.size()},
                           {"errors", totals.errors},
                           {"warnings", totals.warnings},
                           {"notes", totals.notes},
                           {"fixable", totals.fixable}}}};
  return frame_around(document, "files", 1, empty);
}

}  // namespace

const ReportFormat json_report{"json", ",", piece, frame};

}  // namespace dockhew::inline report
