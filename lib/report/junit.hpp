// JUnit's XML, for CI services that show test results: a suite for each file, and in it a failed test for each finding.
// A file without findings is one test that passed.
#pragma once

#include "report/report.hpp"

namespace dockhew::inline report {

extern const ReportFormat junit_report;

}  // namespace dockhew::inline report
