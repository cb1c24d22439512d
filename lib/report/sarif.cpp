#include "report/sarif.hpp"

#include <algorithm>

#include "report/fingerprint.hpp"
#include "report/json_list.hpp"
#include "text/json.hpp"
#include "text/position.hpp"
#include "text/uri.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline report {
namespace {

std::string level(Severity severity) {
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "note";
}

std::string uri(std::string_view path) {
  if (path == "-") return "stdin";
  auto out = percent_encoded(path);
  return out.starts_with("./") ? out.substr(2) : out;
}

// Where a file is: relative to the root of the repository, in which dockhew is started by custom.
Json artifact(const std::string& path) {
  if (path.starts_with('/')) return {{"uri", "file://" + path}};
  return {{"uri", path}, {"uriBaseId", "%SRCROOT%"}};
}

Json region(const LineIndex& lines, Span span) {
  const auto begin = lines.position(span.begin), end = lines.position(span.end);
  return {{"startLine", begin.line}, {"startColumn", begin.column}, {"endLine", end.line},
          {"endColumn", end.column}, {"byteOffset", span.begin},    {"byteLength", span.size()}};
}

// Code scanning takes 1,024 characters of a description, and shows all of the help.
std::string first_paragraph(std::string_view text) {
  constexpr std::size_t most = 1000;
  return std::string(text.substr(0, std::min(text.find("\n\n"), most)));
}

// How code scanning ranks what it calls vulnerabilities, from 0 to 10: from 7 on it is high, from 4 on medium.
// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
std::string_view security_severity(Severity severity) {
  return severity == Severity::error ? "8.5" : severity == Severity::warning ? "6.5" : "3.0";
}

std::string_view problem_severity(Severity severity) {
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "recommendation";
}

Json rule_json(const Rule& rule) {
  const auto url = rule_url(rule.id);
  const std::string text(rule.rationale);
  Json out = {{"id", rule.id},
              {"shortDescription", {{"text", rule.summary}}},
              {"fullDescription", {{"text", first_paragraph(rule.rationale)}}},
              {"helpUri", url},
              {"help", {{"text", text}, {"markdown", text + "\n\n[Example, and what the fix does](" + url + ")"}}},
              {"defaultConfiguration", {{"level", level(rule.severity)}}}};
  Json tags = Json::array(to_string(rule.category));
  for (const auto alias : rule.aliases)
    if (!alias.empty()) tags.push_back(alias);
  Json properties = {{"tags", std::move(tags)},
                     {"precision", rule.by_default ? "high" : "medium"},
                     {"problem.severity", problem_severity(rule.severity)}};
  if (rule.category == Category::security) properties["security-severity"] = security_severity(rule.severity);
  out["properties"] = std::move(properties);
  return out;
}

// Of a place without a character, all of its line: code scanning refuses empty regions.
Json shown_region(const LineIndex& lines, Span span) {
  return span.size() == 0 ? Json{{"startLine", lines.position(span.begin).line}} : region(lines, span);
}

Json fix_json(const Fix& fix, const LineIndex& lines, const std::string& path) {
  Json replacements = Json::array();
  for (const auto& edit : fix.edits)
    replacements.push_back({{"deletedRegion", region(lines, edit.span)}, {"insertedContent", {{"text", edit.text}}}});
  return {{"description", {{"text", fix.title + " (" + std::string(to_string(fix.applicability)) + ")"}}},
          {"artifactChanges",
           Json::array(Json{{"artifactLocation", artifact(path)}, {"replacements", std::move(replacements)}})}};
}

Json finding_json(const Finding& finding, const LineIndex& lines, const std::string& path, const ReportContext& context,
                  SeenFingerprints& seen) {
  Json item = {
      {"ruleId", finding.rule->id},
      {"ruleIndex", std::ranges::find(context.rules, finding.rule) - context.rules.begin()},
      {"level", level(finding.severity)},
      {"message", {{"text", finding.message}}},
      {"locations",
       Json::array(Json{{"physicalLocation",
                         {{"artifactLocation", artifact(path)}, {"region", shown_region(lines, finding.span)}}}})},
      {"partialFingerprints", {{"dockhew/v1", fingerprint(finding, lines, seen)}}}};
  for (const auto& span : finding.related)
    item["relatedLocations"].push_back(
        {{"physicalLocation", {{"artifactLocation", artifact(path)}, {"region", shown_region(lines, span)}}},
         {"message", {{"text", "the same"}}}});
  Json fixes = Json::array();
  for (const auto& fix : finding.fixes)
    if (!fix.edits.empty()) fixes.push_back(fix_json(fix, lines, path));
  if (!fixes.empty()) item["fixes"] = std::move(fixes);
  return item;
}

std::string piece(const FileResult& result, const ReportContext& context) {
  std::string found;
  const auto source = result.source();
  if (!source) return found;
  const auto path = uri(result.path);
  const LineIndex lines(*source);
  SeenFingerprints seen;
  for (const auto& finding : result.findings) add_element(found, finding_json(finding, lines, path, context, seen), 3);
  return found;
}

ReportFormat::Frame frame(const ReportTotals& totals, const ReportContext& context, bool empty) {
  Json rules = Json::array(), notifications = Json::array();
  for (const auto* rule : context.rules) rules.push_back(rule_json(*rule));
  for (const auto& [path, error] : totals.unreadable)
    notifications.push_back({{"level", "error"}, {"message", {{"text", path + ": " + error}}}});
  for (const auto& [path, error] : totals.unchecked)
    notifications.push_back({{"level", "error"}, {"message", {{"text", path + ": " + error}}}});
  Json invocation = {{"executionSuccessful", notifications.empty()}};
  if (!notifications.empty()) invocation["toolExecutionNotifications"] = std::move(notifications);
  const Json document = {
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
      {"version", "2.1.0"},
      {"runs",
       Json::array(Json{{"tool",
                         {{"driver",
                           {{"name", "dockhew"},
                            {"version", context.version},
                            {"informationUri", project_url()},
                            {"rules", std::move(rules)}}}}},
                        {"automationDetails", {{"id", "dockhew/"}}},
                        {"originalUriBaseIds",
                         {{"%SRCROOT%", {{"description", {{"text", "the directory in which dockhew was started"}}}}}}},
                        {"columnKind", "utf16CodeUnits"},
                        {"results", Json::array()},
                        {"invocations", Json::array(std::move(invocation))}})}};
  return frame_around(document, "results", 3, empty);
}

}  // namespace

const ReportFormat sarif_report{"sarif", ",", piece, frame};

}  // namespace dockhew::inline report
