// SARIF 2.1.0, for code scanning. Columns count UTF-16 code units; fingerprints stay the same when lines move.
#pragma once

#include "report/report.hpp"

namespace dockhew::inline report {

extern const ReportFormat sarif_report;

}  // namespace dockhew::inline report
