// The results of a run over several files, ready to be shown in any format.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lint/finding.hpp"
#include "model/dockerfile.hpp"
#include "rewrite/rewrite.hpp"

namespace dockhew::inline report {

struct FileResult {
  std::string path;                        // as the user wrote it; "-" for standard input
  std::string error;                       // the file could not be read; then nothing else is set
  std::shared_ptr<const Dockerfile> file;  // after the fixes, if any were applied
  std::vector<Finding> findings;
  std::string unchecked;  // the part that was not checked, and why; empty when all was
};

// Where the project lives, and the page of a rule.
std::string project_url();
std::string rule_url(std::string_view rule_id);

}  // namespace dockhew::inline report
