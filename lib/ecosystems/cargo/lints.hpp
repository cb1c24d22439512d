// Lints of the compiler that an empty crate violates. Where a project denies them, a dummy that stands for a crate root
// must allow them, or the dependencies could not be compiled before the source is there.
#pragma once

#include <string>
#include <vector>

#include "model/build_context.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

// Names of the lints that dummies must allow: `missing_docs`. `workspace` is the directory of the workspace,
// `manifests` are those of its packages and Cargo's settings, `flags` what variables give to the compiler. Declined
// where one is forbidden, which no source can take back.
Outcome<std::vector<std::string>> lints_of_dummies(const BuildContext& context, const std::string& workspace,
                                                   const std::vector<std::string>& manifests, const std::string& flags);

}  // namespace dockhew::inline ecosystems
