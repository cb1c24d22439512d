// Compose files: the builds that their services declare. A file that only adds to the services of another one, as
// `compose.prod.yaml` does, takes the rest from there.
#pragma once

#include <yaml-cpp/yaml.h>

#include "project/build_files.hpp"

namespace dockhew::cli {

bool is_compose_file(const std::string& path);
// Whether a file of any name is one, by what stands in it.
bool has_compose_services(const YAML::Node& root);
Builds read_compose_file(const std::string& path);

}  // namespace dockhew::cli
