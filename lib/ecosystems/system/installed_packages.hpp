// The packages of the distribution that a stage installs for its build, of which the runtime stage needs some.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "model/dockerfile.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

struct InstalledPackages {
  std::vector<std::string> names;          // as written, with versions
  std::set<std::string> with_recommended;  // of them: what they recommend is installed too
  std::size_t upgrade_step = 0;            // that says so
  std::string upgrade;  // `upgrade`, `dist-upgrade`: what brings all packages of the image up to date; mostly empty
};

// `steps`: of the stage. What they remove again (`apt-get purge`, `apk add --virtual`) is left out; declined where it
// is not known what that is.
Outcome<InstalledPackages> find_installed_packages(const Stage& stage, const std::vector<std::size_t>& steps);

// Whether a command brings all packages of the image up to date: `apt-get -y dist-upgrade`, `apk upgrade`.
bool upgrades_distribution(const ToolUse& use);

// Whether a command takes packages of the distribution away again: `apt-get purge`, `apk del`.
bool removes_packages(const ShellCommand& command);

}  // namespace dockhew::inline ecosystems
