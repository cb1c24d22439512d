#include "report/markdown.hpp"

#include <fmt/format.h>

#include "lint/rule.hpp"
#include "report/repeated.hpp"
#include "report/text.hpp"
#include "text/position.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline report {
namespace {

// Text in a cell. What stands between backticks stays code; the rest must not become anything else.
std::string cell(std::string_view text) {
  std::string out;
  bool code = false;
  for (const char c : escape_for_terminal(text)) {
    if (c == '`') code = !code;
    if (c == '|' || (!code && (c == '*' || c == '_' || c == '[' || c == '\\'))) out += '\\';
    if (c == '<' && !code) out += "&lt;";
    else out += c;
  }
  return code ? out + '`' : out;
}

// A code span may hold anything but what ends it.
std::string code(std::string_view text) {
  auto out = escape_for_terminal(text);
  for (auto& c : out)
    if (c == '`') c = '\'';
  return '`' + out + '`';
}

std::string piece(const FileResult& result, const ReportContext&) {
  std::string out;
  for (const auto& problem : {result.error, result.unchecked})
    if (!problem.empty()) out += cell(problem) + "\n\n";
  const auto source = result.source();
  if (source && !result.findings.empty()) {
    const LineIndex lines(*source);
    out += "| line | severity | finding | rule |\n| ---: | --- | --- | --- |\n";
    for (const auto& repeated : group_repeated(result.findings)) {
      const auto& finding = *repeated.first;
      const auto* fix = shown_fix(finding);
      const auto fixed = fix == nullptr || fix->edits.empty()
                             ? std::string()
                             : fmt::format("; fix ({}): {}", to_string(fix->applicability), fix->title);
      out += fmt::format("| {} | {} | {} | [{}]({}) |\n", lines.line(finding.span.begin), to_string(finding.severity),
                         cell(with_places(lines, finding, repeated.others) + fixed), cell(finding.rule->id),
                         rule_url(finding.rule->id));
    }
    out += '\n';
  }
  return out.empty() ? out : fmt::format("### {}\n\n{}", code(result.path), out);
}

ReportFormat::Frame frame(const ReportTotals& totals, const ReportContext&, bool) {
  return {"", totals_line(totals) + '\n'};
}

}  // namespace

const ReportFormat markdown_report{"markdown", "", piece, frame, totals_for_people};

}  // namespace dockhew::inline report
