// The fix that a reordering of steps is.
#pragma once

#include <string>

#include "layers/reordering.hpp"
#include "lint/finding.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline lint {

// Safe where everything could be checked. `title`: imperative, of the reordering.
Fix reordering_fix(std::string title, Outcome<Reordering> reordering);

}  // namespace dockhew::inline lint
