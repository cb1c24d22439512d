#include "report/report.hpp"

#include <algorithm>
#include <iterator>

#include "lint/lint.hpp"

namespace dockhew::inline report {

void ReportTotals::add(ReportTotals more) {
  files += more.files;
  clean += more.clean;
  errors += more.errors;
  warnings += more.warnings;
  notes += more.notes;
  fixable += more.fixable;
  safely_fixable += more.safely_fixable;
  for (const auto& [id, count] : more.by_rule) {
    auto& sum = by_rule[id];
    sum.findings += count.findings;
    sum.fixable += count.fixable;
    sum.severity = std::max(sum.severity, count.severity);
  }
  std::ranges::move(more.unreadable, std::back_inserter(unreadable));
  std::ranges::move(more.unchecked, std::back_inserter(unchecked));
}

void ReportTotals::count(Severity severity) {
  ++(severity == Severity::error ? errors : severity == Severity::warning ? warnings : notes);
}

std::optional<std::string_view> FileResult::source() const {
  if (file) return file->source();
  if (build_file) return build_file->text;
  if (other_text) return *other_text;
  return std::nullopt;
}

ReportTotals totals_of(const FileResult& result) {
  ReportTotals totals;
  totals.files = 1;
  totals.clean = result.findings.empty() ? 1 : 0;
  if (!result.error.empty()) totals.unreadable.push_back({result.path, result.error});
  if (!result.unchecked.empty()) totals.unchecked.push_back({result.path, result.unchecked});
  for (const auto& finding : result.findings) {
    totals.count(finding.severity);
    if (!finding.fixes.empty() && !finding.fixes.front().edits.empty()) ++totals.fixable;
    if (is_safely_fixable(finding)) ++totals.safely_fixable;
  }
  return totals;
}

bool is_safely_fixable(const Finding& finding) {
  return std::ranges::any_of(
      finding.fixes, [](const Fix& fix) { return fix.applicability == Applicability::safe && !fix.edits.empty(); });
}

ReportContext report_context(std::vector<const Rule*> rules, std::string_view version, bool colour) {
  for (const auto* rule : {&syntax_error_rule, &instruction_error_rule, &conversion_error_rule}) rules.push_back(rule);
  std::ranges::stable_sort(rules, {}, [](const Rule* rule) { return rule->id; });
  return {std::move(rules), std::string(version), colour};
}

ReportWriter::ReportWriter(const ReportFormat& format, ReportContext context)
    : format_(format), context_(std::move(context)) {}

std::string ReportWriter::add(std::string piece, ReportTotals totals) {
  std::string out;
  if (!begun_) out = format_.frame({}, context_, true).before;
  begun_ = true;
  totals_.add(std::move(totals));
  if (piece.empty()) return out;
  if (!empty_) out += format_.separator;
  empty_ = false;
  out += piece;
  return out;
}

std::string ReportWriter::finish() {
  auto frame = format_.frame(totals_, context_, empty_);
  return begun_ ? std::move(frame.after) : std::move(frame.before) + frame.after;
}

}  // namespace dockhew::inline report
