// GitLab's Code Quality report, a part of Code Climate's: hadolint calls it gitlab_codeclimate. The form is that of
// "Code Quality report format" in GitLab's documentation.
#pragma once

#include <string>
#include <vector>

#include "report/result.hpp"

namespace dockhew {

std::string format_gitlab(const std::vector<FileResult>& results);

}  // namespace dockhew
