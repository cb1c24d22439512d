// Logging commands of Azure Pipelines, which turns each into an issue of the run, with its place.
#pragma once

#include "report/report.hpp"

namespace dockhew::inline report {

extern const ReportFormat azure_report;

}  // namespace dockhew::inline report
