// What an installation runs from the project's own package.json. Most of these scripts are the same few in all
// projects: they set up Git's hooks, which an image has no use for, or read files that can be copied with the
// manifests.
#pragma once

#include <string>

#include "model/build_context.hpp"
#include "model/outcome.hpp"
#include "text/json.hpp"

namespace dockhew::inline ecosystems {

// What such scripts look for in the project.
struct ScriptFiles {
  bool git = true;       // it may be a Git repository; without one, some of them fail
  bool patches = false;  // for `patch-package`, in its usual directory
};

inline constexpr const char* usual_patches = "patches/*.patch";

ScriptFiles find_script_files(const BuildContext& context, const std::string& directory);

// Whether they succeed, and do the same, where a package for development is not installed: `npx only-allow pnpm`,
// `husky || true`, but not `husky`.
bool scripts_need_no_packages(const Json& package);

// Whether a script of the project is `patch-package`.
bool applies_patches(const Json& package);

// A script that may read more of the source than the manifests and the files that are there.
Obstacle lifecycle_script_obstacle(const Json& package, const ScriptFiles& files);

}  // namespace dockhew::inline ecosystems
