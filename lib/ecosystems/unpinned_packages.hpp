// Packages that a command installs by name without a version. What a manifest or a lock file declares is not among
// them.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::inline ecosystems {

// Those of a whole file, in order, one for each tool of a RUN. The code is hadolint's, and may be empty.
struct UnpinnedInstall {
  const Tool* tool = nullptr;
  Span span;  // of the first package, in the source
  std::vector<std::string> packages;
  std::string code;
  // The tool itself (`pip install --upgrade pip`), and what go.mod has a version of: hadolint alone speaks of those.
  bool only_for_hadolint = false;

  std::string message() const;  // "`curl` and 3 more are installed without a version"
};
std::vector<UnpinnedInstall> find_unpinned_installs(const Dockerfile& file);

}  // namespace dockhew::inline ecosystems
