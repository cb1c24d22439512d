// A plan of cache mounts as a fix that a rule can offer.
#pragma once

#include <string>

#include "caches/mount_plan.hpp"
#include "lint/finding.hpp"

namespace dockhew {

// The plan's edits and assumptions, or the reason why there are no edits.
Fix as_fix(CacheMountPlan plan, std::string title);

}  // namespace dockhew
