// The results of a run over several files, ready to be shown in any format.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lint/build_file.hpp"
#include "lint/finding.hpp"
#include "model/dockerfile.hpp"
#include "rewrite/rewrite.hpp"

namespace dockhew::inline report {

struct FileResult {
  std::string path = {};                             // as the user wrote it; "-" for standard input
  std::string error = {};                            // the file could not be read; then nothing else is set
  std::shared_ptr<const Dockerfile> file = {};       // after the fixes, if any were applied
  std::shared_ptr<const BuildFile> build_file = {};  // in its place: a file that says what is built
  std::optional<std::string> other_text = {};        // in their place: a file of another kind
  std::shared_ptr<const Rewrite> rewrite = {};       // what becomes of it, where that is asked for
  std::vector<Finding> findings = {};
  std::string unchecked = {};  // the part that was not checked, and why; empty when all was

  // The text that the findings are about; null where it could not be read.
  std::optional<std::string_view> source() const;
};

// Where the project lives, and the page of a rule.
std::string project_url();
std::string rule_url(std::string_view rule_id);

}  // namespace dockhew::inline report
