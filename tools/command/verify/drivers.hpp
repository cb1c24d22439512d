// The builders that have drivers. Each function returns a driver, or says why this builder cannot be used here.
#pragma once

#include "process.hpp"
#include "verify/build_driver.hpp"

namespace dockhew::cli {

FoundDriver open_buildah(const std::string& directory);
FoundDriver open_podman(const std::string& directory);
FoundDriver open_docker(const std::string& directory);
FoundDriver open_buildctl(const std::string& directory);

// What a command in an image says, by lines; more than 4 MiB is an error.
RunResult run_in_image(const Process& process);

}  // namespace dockhew::cli
