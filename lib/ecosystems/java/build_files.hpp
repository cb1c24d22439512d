// The build files of all projects in a build context, for what may stand in any of them.
#pragma once

#include <string>
#include <vector>

#include "model/build_context.hpp"

namespace dockhew::inline ecosystems {

struct BuildFile {
  std::string path;  // in the context
  std::string text;
};

// Of Maven and Gradle, as far as they are of a reasonable number.
std::vector<BuildFile> read_build_files(const BuildContext& context);

}  // namespace dockhew::inline ecosystems
