// Checkstyle's XML, which Jenkins and many review tools read.
#pragma once

#include <string>
#include <vector>

#include "report/result.hpp"

namespace dockhew {

std::string format_checkstyle(const std::vector<FileResult>& results);

}  // namespace dockhew
