// How another stage gets a project that was built in place, without what its build needed: its source again from
// the build context, and from the building stage only the build output. So nothing has to be removed after the build,
// which in a layered file system takes about as long as unpacking it.
#pragma once

#include "ecosystems/pruning.hpp"

namespace dockhew::inline ecosystems {

// See `Pruning::copies_of_project`; the scripts are those of package.json.
std::optional<std::vector<std::string>> copies_of_built_project(const Dockerfile& file, const BuiltProject& project,
                                                                const Step& whole);

}  // namespace dockhew::inline ecosystems
