#include "lint/mount_fix.hpp"

namespace dockhew::inline lint {

Fix as_fix(Outcome<CacheMounts> mounts, std::string title) {
  Fix fix;
  fix.title = std::move(title);
  if (!mounts) return fix.declined = mounts.reason(), fix;
  fix.applicability = mounts->assumptions.empty() ? Applicability::safe : Applicability::conditional;
  fix.assumptions = std::move(mounts->assumptions);
  fix.edits = std::move(mounts->edits);
  return fix;
}

}  // namespace dockhew::inline lint
