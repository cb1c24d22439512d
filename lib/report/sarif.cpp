#include "report/sarif.hpp"

#include <algorithm>

#include "lint/lint.hpp"
#include "report/fingerprint.hpp"
#include "text/json.hpp"
#include "text/position.hpp"
#include "text/utf8.hpp"

namespace dockhew {
namespace {

std::string level(Severity severity) {
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "note";
}

// A URI reference: what RFC 3986 does not let through is percent-encoded.
std::string uri(std::string_view path) {
  if (path == "-") return "stdin";
  std::string out;
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  constexpr std::string_view hex = "0123456789ABCDEF";
  for (const char c : path) {
    if (plain.find(c) != plain.npos) {
      out += c;
    } else {
      out += '%';
      out += hex[static_cast<unsigned char>(c) >> 4];
      out += hex[static_cast<unsigned char>(c) & 15];
    }
  }
  return out.starts_with("./") ? out.substr(2) : out;
}

Json region(const LineIndex& lines, Span span) {
  const auto begin = lines.position(span.begin), end = lines.position(span.end);
  return {{"startLine", begin.line}, {"startColumn", begin.column}, {"endLine", end.line},
          {"endColumn", end.column}, {"byteOffset", span.begin},    {"byteLength", span.size()}};
}

Json rule_json(const Rule& rule) {
  Json out = {{"id", rule.id},
              {"shortDescription", {{"text", rule.summary}}},
              {"fullDescription", {{"text", rule.rationale}}},
              {"helpUri", rule_url(rule.id)},
              {"help", {{"text", rule.rationale}, {"markdown", rule.rationale}}},
              {"defaultConfiguration", {{"level", level(rule.severity)}}}};
  Json tags = Json::array(to_string(rule.category));
  for (const auto alias : rule.aliases)
    if (!alias.empty()) tags.push_back(alias);
  out["properties"] = {{"tags", std::move(tags)}};
  return out;
}

Json fix_json(const Fix& fix, const LineIndex& lines, const std::string& path) {
  Json replacements = Json::array();
  for (const auto& edit : fix.edits)
    replacements.push_back({{"deletedRegion", region(lines, edit.span)}, {"insertedContent", {{"text", edit.text}}}});
  return {{"description", {{"text", fix.title + " (" + std::string(to_string(fix.applicability)) + ")"}}},
          {"artifactChanges",
           Json::array(Json{{"artifactLocation", {{"uri", path}}}, {"replacements", std::move(replacements)}})}};
}

}  // namespace

std::string format_sarif(const std::vector<FileResult>& results, std::span<const Rule* const> rules,
                         std::string_view version) {
  std::vector<const Rule*> catalogue(rules.begin(), rules.end());
  catalogue.push_back(&syntax_error_rule);
  catalogue.push_back(&instruction_error_rule);
  catalogue.push_back(&conversion_error_rule);
  std::ranges::sort(catalogue, {}, [](const Rule* rule) { return rule->id; });
  Json rule_list = Json::array();
  for (const auto* rule : catalogue) rule_list.push_back(rule_json(*rule));

  Json found = Json::array(), notifications = Json::array();
  bool successful = true;
  for (const auto& result : results) {
    const auto path = uri(result.path);
    if (!result.error.empty()) {
      successful = false;
      notifications.push_back({{"level", "error"}, {"message", {{"text", result.path + ": " + result.error}}}});
    }
    if (!result.file) continue;
    const LineIndex lines(result.file->source());
    SeenFingerprints seen;
    for (const auto& finding : result.findings) {
      Json item = {
          {"ruleId", finding.rule->id},
          {"ruleIndex", std::ranges::find(catalogue, finding.rule) - catalogue.begin()},
          {"level", level(finding.severity)},
          {"message", {{"text", finding.message}}},
          {"locations",
           Json::array(Json{{"physicalLocation",
                             {{"artifactLocation", {{"uri", path}}}, {"region", region(lines, finding.span)}}}})},
          {"partialFingerprints", {{"dockhew/v1", fingerprint(finding, lines, seen)}}}};
      Json fixes = Json::array();
      for (const auto& fix : finding.fixes)
        if (!fix.edits.empty()) fixes.push_back(fix_json(fix, lines, path));
      if (!fixes.empty()) item["fixes"] = std::move(fixes);
      found.push_back(std::move(item));
    }
  }
  Json invocation = {{"executionSuccessful", successful}};
  if (!notifications.empty()) invocation["toolExecutionNotifications"] = std::move(notifications);
  const Json document = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                         {"version", "2.1.0"},
                         {"runs", Json::array(Json{{"tool",
                                                    {{"driver",
                                                      {{"name", "dockhew"},
                                                       {"version", version},
                                                       {"informationUri", project_url()},
                                                       {"rules", std::move(rule_list)}}}}},
                                                   {"columnKind", "utf16CodeUnits"},
                                                   {"invocations", Json::array(std::move(invocation))},
                                                   {"results", std::move(found)}})}};
  return document.dump(2) + '\n';
}

}  // namespace dockhew
