// One self-contained HTML page of what the optimization gains: the four scenarios as a table and as bars, the steps of
// both files side by side, coloured by what each scenario runs, and the diff with its reasons. No scripts, no external
// resources; light or dark as the reader prefers.
#pragma once

#include <string>

#include "report/project_verification.hpp"
#include "report/verification.hpp"

namespace dockhew::inline report {

// `verification` may be null: then the figures are the model's.
std::string format_page(const Layers& layers, const Verification* verification);

// The same of all services of a Compose file, with what they take together.
std::string format_page(const ProjectVerification& project);

}  // namespace dockhew::inline report
