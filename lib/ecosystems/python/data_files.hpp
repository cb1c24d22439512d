// Files that the project's own installation puts beside its modules: `data_files` of setup.py. The runtime stage takes
// the directories that packages usually fill, and these may go to any other.
#pragma once

#include "model/build_context.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

// `root`: of the project, in the context.
// https://setuptools.pypa.io/en/latest/deprecated/distutils/setupscript.html#installing-additional-files
Obstacle obstacle_of_data_files(const BuildContext& context, const std::string& root);

}  // namespace dockhew::inline ecosystems
