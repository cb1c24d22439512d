// What hadolint reports for a file, for users who come from it: the rules that answer to one of its codes, under these
// codes, with its severities. Intentional differences are listed in docs/compatibility.md.
#pragma once

#include <string_view>
#include <vector>

#include "lint/lint.hpp"

namespace dockhew::inline lint {

// hadolint's code of a finding, "DL3008"; empty when it has none.
std::string_view hadolint_code(const Finding& finding);

// The rules that have such a code, including those that do not run by default.
std::vector<const Rule*> hadolint_rules();

// The findings that have a code, with hadolint's own severities unless `settings` override them.
std::vector<Finding> lint_as_hadolint(const Dockerfile& file, const LintSettings& settings);

}  // namespace dockhew::inline lint
