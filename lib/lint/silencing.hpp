// Writes the comments that suppression.hpp reads: what to add to a file so that a finding is silent from then on, for
// whoever offers that as an action.
#pragma once

#include <optional>
#include <string>

#include "lint/finding.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::inline lint {

// The name that is ignored: the rule's, or ShellCheck's code.
std::string silencing_name(const Finding& finding);

// A comment above the line in which the finding begins. Nothing where none can silence it: for what the builder
// rejects, and for what is about no instruction.
std::optional<TextEdit> silence_here(const Dockerfile& file, const Finding& finding);

// A comment at the top, for all findings of that name. Nothing for what the builder rejects.
std::optional<TextEdit> silence_in_file(const Dockerfile& file, const Finding& finding);

}  // namespace dockhew::inline lint
