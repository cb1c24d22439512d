// A fix is right for the build context that it was made with. Where the same file is also built in other contexts, it
// must be right there too; where the context is only a guess, it must not be called safe because of it.
#pragma once

#include <span>

#include "lint/finding.hpp"
#include "lint/rule.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::inline lint {

// Declines the fixes that would be others in one of the file's other contexts. Where the context was guessed, fixes
// that would be others without it assume it, and are not safe.
void hold_in_all_contexts(const Dockerfile& file, const RuleOptions& options, std::span<Finding> findings);

}  // namespace dockhew::inline lint
