// The RUN that installs what the runtime stage needs of the distribution, with its cache in mounts.
#pragma once

#include <string>
#include <vector>

#include "model/builder.hpp"
#include "model/dockerfile.hpp"

namespace dockhew {

// `recommended`: what APT's packages recommend comes too. Both give whole lines, with their endings.
std::string install_with_apt(const Dockerfile& file, const std::vector<std::string>& packages, bool recommended,
                             Builder builder);
std::string install_with_apk(const Dockerfile& file, const std::vector<std::string>& packages);

}  // namespace dockhew
