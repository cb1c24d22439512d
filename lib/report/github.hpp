// Workflow commands of GitHub Actions: each finding becomes an annotation of the pull request. The form is that of
// "Workflow commands for GitHub Actions", setting an error, warning or notice message.
#pragma once

#include <string>
#include <vector>

#include "report/result.hpp"

namespace dockhew {

std::string format_github(const std::vector<FileResult>& results);

}  // namespace dockhew
