// dockhew verify compose.yaml: what each service builds is verified by itself, each distinct build once, and the builds
// are added up.
#pragma once

#include <string>

#include "commands.hpp"

namespace dockhew::cli {

// Returns the exit status.
int verify_compose_file(const Options& options, const Facts& facts, const std::string& path);

}  // namespace dockhew::cli
