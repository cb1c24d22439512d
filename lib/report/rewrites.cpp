#include "report/rewrites.hpp"

#include <algorithm>

#include "lint/rule.hpp"
#include "report/json_list.hpp"
#include "text/diff.hpp"
#include "text/json.hpp"
#include "text/position.hpp"

namespace dockhew::inline report {
namespace {

Json change_json(const AppliedFix& fix) {
  Json assumptions = Json::array();
  for (const auto& assumption : fix.assumptions)
    assumptions.push_back({{"id", assumption.id}, {"text", assumption.sentence}});
  return {{"rule", fix.rule->id},
          {"line", fix.line},
          {"title", fix.title},
          {"message", fix.message},
          {"applicability", to_string(fix.applicability)},
          {"assumptions", std::move(assumptions)},
          {"checklist", fix.checklist}};
}

Json contexts_json(const Rewrite& rewrite) {
  Json contexts = Json::array();
  for (const auto& context : rewrite.contexts)
    if (!context.directory.empty())
      contexts.push_back({{"directory", context.directory}, {"reason", context.reason}, {"guess", context.guess}});
  return contexts;
}

Json file_json(const FileResult& result) {
  Json file = {{"path", result.path}};
  if (!result.error.empty() || !result.rewrite) {
    file["error"] = result.error;
    return file;
  }
  const auto& rewrite = *result.rewrite;
  const auto before = result.source().value_or("");
  file["changed"] = rewrite.text != before;
  file["diff"] = format_diff(diff_lines(before, rewrite.text), result.path);
  file["text"] = rewrite.text;
  file["changes"] = Json::array();
  for (const auto& fix : rewrite.applied) file["changes"].push_back(change_json(fix));
  file["not_changed"] = Json::array();
  for (const auto& fix : rewrite.declined)
    file["not_changed"].push_back(
        {{"rule", fix.rule->id}, {"line", fix.line}, {"message", fix.message}, {"reason", fix.reason}});
  file["other_fixes"] = Json::array();
  for (const auto& fix : rewrite.others)
    file["other_fixes"].push_back({{"rule", fix.rule->id},
                                   {"line", fix.line},
                                   {"title", fix.title},
                                   {"applicability", to_string(fix.applicability)}});
  file["not_judged"] = Json::array();
  for (const auto& one : rewrite.unjudged) file["not_judged"].push_back({{"line", one.line}, {"reason", one.sentence}});
  file["failing"] = Json::array();
  for (const auto& step : rewrite.failing) file["failing"].push_back({{"line", step.line}, {"message", step.message}});
  file["builds_now"] = rewrite.builds_now;
  file["contexts"] = contexts_json(rewrite);
  file["needs_buildkit"] = rewrite.needs_buildkit && rewrite.needed_builder.empty();
  return file;
}

std::string piece(const FileResult& result, const ReportContext&) {
  std::string text;
  add_element(text, file_json(result), 1);
  return text;
}

ReportFormat::Frame frame(const ReportTotals&, const ReportContext&, bool empty) {
  const Json document = {{"version", 1}, {"files", Json::array()}};
  return frame_around(document, "files", 1, empty);
}

// From one text to the other, in whole lines.
std::vector<TextEdit> edits_between(std::string_view before, std::string_view after) {
  std::vector<TextEdit> edits;
  const LineIndex lines(before);
  const auto begin_of = [&](std::size_t line) {
    return line <= lines.line_count() ? lines.line_begin(static_cast<std::uint32_t>(line))
                                      : static_cast<std::uint32_t>(before.size());
  };
  for (const auto& hunk : diff_lines(before, after)) {
    auto line = hunk.old_count == 0 ? hunk.old_line + 1 : hunk.old_line;
    bool open = false;
    for (const auto& each : hunk.lines) {
      if (each.kind == DiffLine::Kind::context) open = false;
      else if (!open) edits.push_back({{begin_of(line), begin_of(line)}, ""}), open = true;
      if (each.kind == DiffLine::Kind::added) edits.back().text += each.text;
      else ++line;
      if (each.kind == DiffLine::Kind::removed) edits.back().span.end = begin_of(line);
    }
  }
  return edits;
}

}  // namespace

const ReportFormat rewrite_json_report{"json", ",", piece, frame};

std::vector<Finding> findings_of(const Rewrite& rewrite, std::string_view before) {
  std::vector<Finding> findings;
  const LineIndex lines(before);
  auto least = Applicability::safe;
  for (const auto& fix : rewrite.applied) {
    const auto line = std::clamp(fix.line, std::uint32_t{1}, lines.line_count());
    const auto begin = lines.line_begin(line);
    const auto end = begin + static_cast<std::uint32_t>(lines.line_text(line).size());
    auto& finding = findings.emplace_back();
    finding.rule = fix.rule;
    finding.severity = Severity::info;
    finding.span = {begin, end};
    finding.message = fix.message + "; " + fix.title + " (" + std::string(to_string(fix.applicability)) + ')';
    least = std::min(least, fix.applicability);
  }
  if (findings.empty()) return findings;
  Fix all;
  all.title = "all changes of this file together";
  all.applicability = least;
  all.edits = edits_between(before, rewrite.text);
  findings.front().fixes.push_back(std::move(all));
  return findings;
}

}  // namespace dockhew::inline report
