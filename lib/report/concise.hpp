// One line for each finding, for grep, editors and people in a hurry: "path:line:column: severity rule message".
#pragma once

#include "report/report.hpp"

namespace dockhew::inline report {

extern const ReportFormat concise_report;

}  // namespace dockhew::inline report
