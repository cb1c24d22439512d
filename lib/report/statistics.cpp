#include "report/statistics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "lint/rule.hpp"
#include "report/repeated.hpp"
#include "report/text.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline report {
namespace {

std::string piece(const FileResult&, const ReportContext&) { return {}; }

ReportTotals totals(const FileResult& result) {
  auto totals = totals_of(result);
  for (const auto& finding : result.findings) {
    auto& count = totals.by_rule[std::string(finding.rule->id)];
    ++count.findings;
    count.severity = std::max(count.severity, finding.severity);
    if (is_safely_fixable(finding)) ++count.fixable;
  }
  return totals;
}

ReportFormat::Frame frame(const ReportTotals& totals, const ReportContext&, bool) {
  std::vector<std::pair<std::string, ReportTotals::OfRule>> rules(totals.by_rule.begin(), totals.by_rule.end());
  std::ranges::stable_sort(rules, std::ranges::greater(), [](const auto& rule) { return rule.second.findings; });
  std::size_t width = 0;
  for (const auto& rule : rules) width = std::max(width, rule.first.size());
  std::string out;
  for (const auto& [id, count] : rules) {
    out += fmt::format("{:>6}  {:<7}  {:<{}}", count.findings, to_string(count.severity), escape_for_terminal(id),
                       count.fixable == 0 ? 0 : width);
    if (count.fixable > 0) out += fmt::format("  {} with `--fix`", count.fixable);
    out += '\n';
  }
  if (!out.empty()) out += '\n';
  return {"", out + totals_line(totals) + '\n'};
}

}  // namespace

const ReportFormat statistics_report{"statistics", "", piece, frame, totals};

}  // namespace dockhew::inline report
