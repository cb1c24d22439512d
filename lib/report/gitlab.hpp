// GitLab's Code Quality report, a part of Code Climate's: hadolint calls it gitlab_codeclimate. The form is that of
// "Code Quality report format" in GitLab's documentation.
#pragma once

#include "report/report.hpp"

namespace dockhew::inline report {

extern const ReportFormat gitlab_report;

}  // namespace dockhew::inline report
