// The RUN that installs packages in the runtime stage, with what they leave in mounts where the builder has them.
#pragma once

#include <string>

#include "ecosystems/system/package_installation.hpp"
#include "model/builder.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::inline stages {

// Whole lines, with their endings.
std::string installation_text(const Dockerfile& file, const PackageInstallation& installation, Builder builder);

}  // namespace dockhew::inline stages
