// Mounts at or in the place into which a tool installs, where the installation first removes what an earlier one left:
// `npm ci` with a mount on node_modules, or on node_modules/.cache. What is in the place goes, and a mount point in it
// cannot.
#pragma once

#include <optional>
#include <string>

#include "model/mount.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline caches {

struct EmptiedMount {
  const ToolUse* use = nullptr;
  const Mount* mount = nullptr;
  std::string place;    // "node_modules"
  bool inside = false;  // the mount is below the place, so that the installation fails
};

// The first in a RUN.
std::optional<EmptiedMount> find_emptied_mount(const Site& site);

}  // namespace dockhew::inline caches
