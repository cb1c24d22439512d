// Builds whose results never leave a cache mount: the RUN copies nothing out of it, and no other step mounts the same
// cache to do so. Unlike in lost_artifacts.hpp, no step refers to a missing file by name; but the work is thrown away
// all the same.
#pragma once

#include <vector>

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline flow {

// The cache mount of the step that contains the results of one of its commands; nothing when they go into the layer.
// Cargo puts them at the root of a workspace, which may be a directory above.
const Mount* results_mount(const Site& site, const ToolUse& use);

struct WastedBuild {
  std::uint32_t stage = 0;
  std::size_t step = 0;  // index of the RUN in that stage
  const Mount* mount = nullptr;
  Span command;  // that builds, in the source
};

std::vector<WastedBuild> find_wasted_builds(const Dockerfile& file);

}  // namespace dockhew::inline flow
