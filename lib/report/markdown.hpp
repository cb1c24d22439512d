// Tables for the summary of a job, or a comment in a review.
#pragma once

#include "report/report.hpp"

namespace dockhew::inline report {

extern const ReportFormat markdown_report;

}  // namespace dockhew::inline report
