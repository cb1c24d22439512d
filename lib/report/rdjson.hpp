// reviewdog's diagnostic format, which it turns into comments in reviews on many services.
#pragma once

#include "report/report.hpp"

namespace dockhew::inline report {

extern const ReportFormat rdjson_report;

}  // namespace dockhew::inline report
