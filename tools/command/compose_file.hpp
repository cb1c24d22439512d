// Compose files: the builds that their services declare. A file that only adds to the services of another one, as
// `compose.prod.yaml` does, takes the rest from there.
#pragma once

#include "build_files.hpp"

namespace dockhew::cli {

bool is_compose_file(const std::string& path);
Builds read_compose_file(const std::string& path);

}  // namespace dockhew::cli
