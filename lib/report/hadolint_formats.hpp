// hadolint's own formats, shape by shape, so that what reads hadolint's output reads ours: `dockhew hadolint` writes
// them. Findings have hadolint's codes, and the exact place where hadolint has the first line and column 1.
#pragma once

#include <string_view>
#include <vector>

#include "report/report.hpp"

namespace dockhew::inline report {

// By hadolint's name of it; null where hadolint has none of this name.
const ReportFormat* find_hadolint_format(std::string_view name);
std::vector<std::string_view> hadolint_format_names();

}  // namespace dockhew::inline report
