// For programs: the JSON of docs/output.md. Lines and columns count from 1, columns in UTF-16 code units.
#pragma once

#include <string>
#include <vector>

#include "report/result.hpp"

namespace dockhew {

std::string format_json(const std::vector<FileResult>& results);

}  // namespace dockhew
