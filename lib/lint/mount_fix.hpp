// Planned cache mounts as a fix that a rule can offer.
#pragma once

#include <string>

#include "caches/mount_plan.hpp"
#include "lint/finding.hpp"

namespace dockhew::inline lint {

// The edits and their assumptions, or the reason why there are none.
Fix as_fix(Outcome<CacheMounts> mounts, std::string title);

}  // namespace dockhew::inline lint
