// JUnit's XML, for CI services that show test results: a suite for each file, and in it a failed test for each finding.
// A file without findings is one test that passed.
#pragma once

#include <string>
#include <vector>

#include "report/result.hpp"

namespace dockhew {

std::string format_junit(const std::vector<FileResult>& results);

}  // namespace dockhew
