// Workflow commands of GitHub Actions: each finding becomes an annotation of the pull request. The form is that of
// "Workflow commands for GitHub Actions", setting an error, warning or notice message.
#pragma once

#include "report/report.hpp"

namespace dockhew::inline report {

extern const ReportFormat github_report;

}  // namespace dockhew::inline report
