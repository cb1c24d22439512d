// What `optimize` makes of files, for programs and review bots: a document with each file's new text, its diff and the
// reasons; and findings whose fix is the whole rewrite, for formats that were made for findings.
#pragma once

#include <vector>

#include "lint/finding.hpp"
#include "report/report.hpp"

namespace dockhew::inline report {

// "json". Files without a rewrite are those that could not be read.
extern const ReportFormat rewrite_json_report;

// Each change as a finding where it is. Changes are made together, so the first one has all edits as its fix; it is as
// sure as the least sure of them.
std::vector<Finding> findings_of(const Rewrite& rewrite, std::string_view before);

}  // namespace dockhew::inline report
