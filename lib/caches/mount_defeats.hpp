// What in a RUN empties or bypasses the cache that a mount of the same RUN holds: a clean-up command, a flag, a
// variable, a tool that deletes what it has installed, or a hook of the base image. All of it is removed, or nothing
// is.
#pragma once

#include <string>
#include <vector>

#include "caches/defeating_part.hpp"

namespace dockhew::inline caches {

// Takes all of them out of the RUN.
struct DefeatRemoval {
  std::vector<TextEdit> edits;
  std::vector<Assumption> assumptions;
};

struct DefeatPlan {
  std::vector<Defeat> defeats;
  Outcome<DefeatRemoval> removal = DefeatRemoval();
};

// For one tool and the targets of its mounts, including those about to be added.
DefeatPlan plan_defeat_removal(const Site& site, const Tool& tool, const std::vector<std::string>& mounted);

}  // namespace dockhew::inline caches
