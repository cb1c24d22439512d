// Development dependencies that a project needs when it runs: a common mistake, which an image with all dependencies
// forgives. The source is searched and not executed, so an import may be seen that never happens, but only what is put
// together at run time is missed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/build_context.hpp"

namespace dockhew::inline ecosystems {

struct DevelopmentNeed {
  std::string package;  // empty where it cannot be told
  std::string reason;   // as a clause: "`src/log.ts` imports `pino-pretty`"
};

// The first in the project below `root` of the context, or in other directories of source, if one is seen: the source
// imports it, names it in a string, as libraries want it of views and transports, or by its place in `node_modules`, or
// names the database that it is the driver of, or settings name it, or it exists for code that compilers write. Tests
// that nothing else loads, configurations of build tools and imports of types alone do not count.
std::optional<DevelopmentNeed> find_development_need(const BuildContext& context, const std::string& root,
                                                     const std::vector<std::string>& others = {});

}  // namespace dockhew::inline ecosystems
