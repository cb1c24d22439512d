// The modules that a text in JavaScript or TypeScript loads by name: `require`, `import`, `export … from`. Names that
// are computed are not seen.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ecosystems/local_import.hpp"
#include "model/build_context.hpp"

namespace dockhew::inline ecosystems {

// As they are written, in order, each once: "./server", "express", "lodash/merge", "@scope/name". What TypeScript drops
// when it compiles, `import type`, is left out.
std::vector<std::string> find_required_modules(std::string_view text);

// Of these, what a file of a project loads by a path: see Ecosystem::local_imports.
std::vector<LocalImport> node_local_imports(const BuildContext& context, const std::string& file,
                                            std::string_view text);

// The package that a name is of: "lodash" of "lodash/merge", "@scope/name" of "@scope/name/x". Empty for a path, and
// for a module that is a part of Node.
std::string package_of_module(std::string_view name);

}  // namespace dockhew::inline ecosystems
