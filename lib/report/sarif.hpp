// SARIF 2.1.0, for code scanning. Columns count UTF-16 code units; fingerprints survive lines that move.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lint/rule.hpp"
#include "report/result.hpp"

namespace dockhew {

std::string format_sarif(const std::vector<FileResult>& results, std::span<const Rule* const> rules,
                         std::string_view version);

}  // namespace dockhew
