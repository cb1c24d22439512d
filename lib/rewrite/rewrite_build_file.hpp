// Applies the fixes of rules about Compose files and workflows. One round is enough: each fix adds entries or completes
// one, and none makes room for another.
#pragma once

#include <span>

#include "lint/build_file.hpp"
#include "rewrite/rewrite.hpp"

namespace dockhew::inline rewrite {

// `least`: the weakest applicability to accept. Of fixes that would change the same bytes, the first is made.
Rewrite rewrite_build_file(const BuildFile& file, std::span<const Rule* const> rules, Applicability least,
                           const RuleOptions& options = {});

}  // namespace dockhew::inline rewrite
