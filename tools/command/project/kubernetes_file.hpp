// What manifests of Kubernetes, templates of Helm charts and the like run in containers: their commands, probes and
// hooks.
#pragma once

#include <string>

#include "project/build_files.hpp"

namespace dockhew::cli {

// Whether a text may be such a manifest.
bool has_containers(const std::string& text);
Builds read_kubernetes_file(const std::string& path, const std::string& text);

}  // namespace dockhew::cli
