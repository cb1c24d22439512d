// How often each rule has something to say, the most frequent first: where to begin in a large repository.
#pragma once

#include "report/report.hpp"

namespace dockhew::inline report {

extern const ReportFormat statistics_report;

}  // namespace dockhew::inline report
