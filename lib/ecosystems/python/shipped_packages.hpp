// What Python's images have in `site-packages` themselves: pip, and before Python 3.12 setuptools and wheel
// (https://github.com/docker-library/python, `versions.json` and the Dockerfiles made of it). A COPY lays the builder's
// packages over these: what another version does not have stays, and what the builder has uninstalled is back.
#pragma once

#include <string>
#include <string_view>

#include "ecosystems/runtime.hpp"

namespace dockhew::inline ecosystems {

// The command that takes them away before the builder's are copied, where the builder may have other versions or none;
// empty where it has the same. `names`: of read_package_names.
std::string removal_of_shipped_packages(const Conversion& conversion, std::string_view names);

}  // namespace dockhew::inline ecosystems
