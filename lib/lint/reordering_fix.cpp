#include "lint/reordering_fix.hpp"

#include <utility>

namespace dockhew::inline lint {

Fix reordering_fix(std::string title, Outcome<Reordering> reordering) {
  Fix fix;
  fix.title = std::move(title);
  if (!reordering) {
    fix.declined = reordering.reason();
    return fix;
  }
  fix.edits = std::move(reordering->edits);
  fix.moves = std::move(reordering->moves);
  fix.assumptions = std::move(reordering->assumptions);
  fix.applicability = fix.assumptions.empty() ? Applicability::safe : Applicability::conditional;
  return fix;
}

}  // namespace dockhew::inline lint
