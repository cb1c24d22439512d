// For programs: the JSON of docs/output.md. Lines and columns count from 1, columns in UTF-16 code units.
#pragma once

#include "report/report.hpp"

namespace dockhew::inline report {

extern const ReportFormat json_report;

}  // namespace dockhew::inline report
