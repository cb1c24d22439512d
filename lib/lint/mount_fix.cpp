#include "lint/mount_fix.hpp"

namespace dockhew {

Fix as_fix(CacheMountPlan plan, std::string title) {
  Fix fix;
  fix.title = std::move(title);
  if (plan.edits.empty()) return fix.declined = std::move(plan.declined), fix;
  fix.applicability = plan.assumptions.empty() ? Applicability::safe : Applicability::conditional;
  fix.assumptions = std::move(plan.assumptions);
  fix.edits = std::move(plan.edits);
  return fix;
}

}  // namespace dockhew
