// For tools that need a parser: the instructions of a Dockerfile with their lines, flags, arguments and heredocs, as
// JSON. The form is described in docs/output.md.
#pragma once

#include <string>
#include <vector>

#include "syntax/document.hpp"

namespace dockhew::inline report {

std::string format_document_json(const std::string& path, const Document& document,
                                 const std::vector<SyntaxError>& errors);

}  // namespace dockhew::inline report
