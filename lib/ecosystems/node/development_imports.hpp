// Development dependencies that the source of a project imports: a common mistake, which an image with all dependencies
// forgives. The source is searched and not executed, so an import may be seen that never happens, but only what is put
// together at run time is missed.
#pragma once

#include <optional>
#include <string>

#include "model/build_context.hpp"

namespace dockhew::inline ecosystems {

struct DevelopmentImport {
  std::string package;
  std::string file;  // that imports it, in the context
};

// The first in the project below `root` of the context, if one is seen. Tests, configurations of build tools and
// imports of types alone do not count.
std::optional<DevelopmentImport> find_development_import(const BuildContext& context, const std::string& root);

}  // namespace dockhew::inline ecosystems
