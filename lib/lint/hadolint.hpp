// What hadolint says of a file, for those who come from it: the rules that answer to one of its codes, under these
// codes, with its severities. Where we differ on purpose stands in docs/compatibility.md.
#pragma once

#include <string_view>
#include <vector>

#include "lint/lint.hpp"

namespace dockhew {

// hadolint's code of a finding, "DL3008"; empty when it has none.
std::string_view hadolint_code(const Finding& finding);

// The rules that have such a code, those that do not run by default included.
std::vector<const Rule*> hadolint_rules();

// The findings that have a code, with hadolint's own severities, unless `settings` have others.
std::vector<Finding> lint_as_hadolint(const Dockerfile& file, const LintSettings& settings);

}  // namespace dockhew
