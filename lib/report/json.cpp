#include "report/json.hpp"

#include "lint/rule.hpp"
#include "text/json.hpp"
#include "text/position.hpp"

namespace dockhew {
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
  out["fixes"] = Json::array();
  for (const auto& fix : finding.fixes) out["fixes"].push_back(fix_json(lines, fix));
  return out;
}

}  // namespace

std::string format_json(const std::vector<FileResult>& results) {
  Json files = Json::array();
  std::size_t errors = 0, warnings = 0, notes = 0, fixable = 0, unreadable = 0;
  for (const auto& result : results) {
    Json file = {{"path", result.path}, {"errors", Json::array()}, {"findings", Json::array()}};
    if (!result.error.empty()) {
      file["errors"].push_back({{"message", result.error}});
      ++unreadable;
    }
    if (result.file) {
      const LineIndex lines(result.file->source());
      for (const auto& finding : result.findings) {
        (finding.severity == Severity::error ? errors : finding.severity == Severity::warning ? warnings : notes) += 1;
        fixable += !finding.fixes.empty() && !finding.fixes.front().edits.empty();
        file["findings"].push_back(finding_json(lines, finding));
      }
    }
    files.push_back(std::move(file));
  }
  const Json document = {{"version", 1},
                         {"files", std::move(files)},
                         {"summary",
                          {{"files", results.size()},
                           {"unreadable", unreadable},
                           {"errors", errors},
                           {"warnings", warnings},
                           {"notes", notes},
                           {"fixable", fixable}}}};
  // Bytes that are not UTF-8 come out as U+FFFD: JSON has no other way to say them.
  return document.dump(2) + '\n';
}

}  // namespace dockhew
