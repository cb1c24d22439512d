// Comments that silence findings: `# dockhew ignore=rule,rule` above an instruction, or `# dockhew global ignore=rule`
// anywhere. hadolint's comments of the same form are honoured, so a file keeps its exceptions when it changes linters.
#pragma once

#include <vector>

#include "lint/finding.hpp"
#include "model/dockerfile.hpp"

namespace dockhew {

void remove_suppressed(const Dockerfile& file, std::vector<Finding>& findings);

}  // namespace dockhew
