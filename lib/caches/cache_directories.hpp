// Where a tool keeps its cache at one step, given its environment, the user's home and the base image. A mount anywhere
// else caches nothing.
#pragma once

#include <vector>

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline caches {

struct CacheDirectory {
  const ToolCache* cache = nullptr;
  Value path;            // absolute and cleaned when known
  bool assumed = false;  // the base image is not known and is assumed to change nothing
};

// Whether an option of the command, or of a variable that it reads options from, says where the cache is.
bool is_placed_by_option(const Site& site, const ToolUse& use);

std::vector<CacheDirectory> cache_directories(const Site& site, const ToolUse& use);

// The mount of this step that contains a directory and hides writes there, if there is one.
const Mount* mount_over(const Step& step, std::string_view path);

// Whether an earlier step of the stage, or of those it is built on, runs the tool with this directory in a mount: what
// it downloaded is there, and not in any layer.
bool mounted_earlier(const Site& site, const Tool& tool, std::string_view directory);

// `target=~/.cache`: no shell reads it, so the mount is on a directory of the name `~` below the working directory.
bool has_literal_home(const Mount& mount);

// A cache mount that was meant for this directory but is elsewhere: it has the directory's name, for another user or
// another home of the tool.
const Mount* misplaced_mount(const Site& site, const Tool& tool, const CacheDirectory& directory);

}  // namespace dockhew::inline caches
