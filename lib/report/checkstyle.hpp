// Checkstyle's XML, which Jenkins and many review tools read.
#pragma once

#include "report/report.hpp"

namespace dockhew::inline report {

extern const ReportFormat checkstyle_report;

}  // namespace dockhew::inline report
