// Packages that a command installs by name without a version. What a manifest or a lock file declares is not among
// them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/script.hpp"
#include "model/tool_use.hpp"

namespace dockhew {

// The first such package of a command, and how many there are.
struct LoosePackages {
  ShellWord first;
  std::size_t count = 0;
};

// Nothing when all packages have a version, or when the tables do not say how this tool's packages name theirs.
std::optional<LoosePackages> find_loose_packages(const ToolUse& use);

// "`curl` and 3 more are installed without a version"
std::string describe(const LoosePackages& packages);

}  // namespace dockhew
