// Lets each COPY give its files to the user to whom a later `chown -R` gives them, so that they are in the image once.
#pragma once

#include <vector>

#include "layers/late_ownership.hpp"
#include "model/assumption.hpp"
#include "model/outcome.hpp"
#include "text/edit.hpp"

namespace dockhew::inline layers {

struct OwnedCopies {
  std::vector<TextEdit> edits;  // flags of COPYs; chown keeps the directories that are there before them
  std::vector<Span> copies;     // that get the flag, and that no other change may divide at the same time
  std::vector<Assumption> assumptions;
};

// Declined where something else than COPYs and empty directories is in the directory, or where the user may not be
// there when they copy.
Outcome<OwnedCopies> own_copies(const Dockerfile& file, const LateOwnership& late);

}  // namespace dockhew::inline layers
