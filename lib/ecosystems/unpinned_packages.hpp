// Packages that a command installs by name without a version. What a manifest or a lock file declares is not among
// them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/dockerfile.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// The first such package of a command, and how many there are.
struct UnpinnedPackages {
  ShellWord first;
  std::size_t count = 0;
  bool only_own = false;  // the tool itself and its parts, and nothing else; then the count is 1
};

// Nothing when all packages have a version, or when the tables do not say how this tool's packages specify theirs.
std::optional<UnpinnedPackages> find_unpinned_packages(const ToolUse& use);

// Those of a whole file, in order. The message is for people; the code is hadolint's, and may be empty.
struct UnpinnedInstall {
  const Tool* tool = nullptr;
  Span span;  // of the first package, in the source
  std::string message;
  std::string code;
  bool only_own = false;  // `pip install --upgrade pip`
};
std::vector<UnpinnedInstall> find_unpinned_installs(const Dockerfile& file);

}  // namespace dockhew::inline ecosystems
