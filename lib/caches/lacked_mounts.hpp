// Uses of a tool that download nothing, while what they need is in the cache mount of an earlier RUN, which their own
// RUN lacks: the mount left nothing in a layer, so they fail. What mends that is the same mount once more.
#pragma once

#include <optional>
#include <vector>

#include "model/assumption.hpp"
#include "model/builder.hpp"
#include "model/mount.hpp"
#include "model/outcome.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"
#include "text/edit.hpp"

namespace dockhew::inline caches {

struct LackedMounts {
  const ToolUse* use = nullptr;
  Site filler;                       // of the earlier RUN
  std::vector<const Mount*> mounts;  // its mounts on the tool's caches, each once
  bool certain = true;               // the use fails whenever its RUN is built
};

// Of the first use of a tool in a RUN that lacks any. None where a layer may hold what it needs.
std::optional<LackedMounts> find_lacked_mounts(const Site& site, const Tool& tool);

// Whether a RUN may keep what a tool has downloaded into the directory in a layer as well: `go mod vendor`, and what
// names the directory besides the tool, `cp -r /root/.m2 /m2`, and the way back.
bool may_keep_downloads(const Site& site, const Tool& tool, const std::string& directory);

// Repeats mounts of an earlier RUN for a tool, as they are written there, locked where the tool cannot share them.
// Declined where they would not be the same caches, or hide what a layer has.
Outcome<std::vector<TextEdit>> repeat_mounts(const Site& site, const Site& filler,
                                             const std::vector<const Mount*>& mounts, const Tool& tool,
                                             Builder builder);

// What a RUN then counts on that only reads such a cache.
Assumption cache_is_kept();

}  // namespace dockhew::inline caches
