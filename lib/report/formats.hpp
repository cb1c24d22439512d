// Which formats a report of `lint` can have, by all of their names.
#pragma once

#include <string_view>
#include <vector>

#include "report/report.hpp"

namespace dockhew::inline report {

// Null where there is none of this name. hadolint's and other services' names for a format are known too.
const ReportFormat* find_report_format(std::string_view name);

// Those to choose from, first what is for people; without other names for the same.
std::vector<std::string_view> report_format_names();

}  // namespace dockhew::inline report
