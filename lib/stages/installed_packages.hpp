// The system packages that a stage installs for its build, of which the runtime stage needs some.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew {

struct InstalledPackages {
  std::vector<std::string> names;          // as written, with versions
  std::set<std::string> with_recommended;  // of them: APT has installed what they recommend too
  std::string declined;                    // why they are not known
};

// `steps`: of the stage. What a RUN installs for itself and removes again (`apk add --virtual`) is left out.
InstalledPackages find_installed_packages(const Stage& stage, const std::vector<std::size_t>& steps);

}  // namespace dockhew
