// Whether the manifest and the lock file that an installation reads are still those of the build context. Options that
// hold an installation to its lock file (`npm ci`, `--frozen-lockfile`, `--locked`) stop the build where a step has
// changed one of the two.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// `rm -f package-lock.json && npm install`, `sed -i … package.json`, a COPY of another stage over them, and a COPY of
// another file to their place. `names`: what a command, or the destination of a COPY, says where it is about them;
// always the same ones for a tool. `directory`: of the project, in the image.
bool may_have_changed_manifest(const Site& site, const ToolUse& use, const std::string& directory,
                               std::span<const std::string_view> names);

}  // namespace dockhew::inline ecosystems
