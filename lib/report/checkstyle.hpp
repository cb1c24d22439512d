// Checkstyle's XML, which Jenkins and many review tools read.
#pragma once

#include "report/report.hpp"

namespace dockhew {

extern const ReportFormat checkstyle_report;

}  // namespace dockhew
