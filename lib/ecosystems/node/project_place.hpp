// Where a package manager of Node works, and where it installs: npm does so beside the nearest package.json at or above
// the directory that it runs in, which need not be there. https://docs.npmjs.com/cli/configuring-npm/folders
#pragma once

#include <optional>
#include <string>

#include "model/dockerfile.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// The directory it works in: where its command runs, or what `--prefix` and its like name relative to that.
Value directory_of_use(const ToolUse& use);

// The directory of the image above `directory` that a COPY of the stage gives the package.json, where none is copied to
// `directory` itself or below it.
std::optional<std::string> manifest_above(const Stage& stage, const std::string& directory);

}  // namespace dockhew::inline ecosystems
