// Where the build of a Node project writes, for the one kind of build that says so in a file that can be read without
// running anything: that of the TypeScript compiler, alone or through Nest's command.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "model/build_context.hpp"

namespace dockhew::inline ecosystems {

struct TypescriptOutputs {
  std::set<std::string> directories;  // relative to the project
  bool cleared = false;               // what was in them before is removed
};

// What `npm run SCRIPT` writes in a project at `project` in the context, ignoring node_modules. Nothing when that is
// not known. What only the compiler's next run reads (`tsconfig.tsbuildinfo`) is left out. Sources: TypeScript's
// reference of tsconfig.json (outDir, declarationDir, extends), and of Nest's nest-cli.json.
std::optional<TypescriptOutputs> find_typescript_outputs(const BuildContext& context, const std::string& project,
                                                         const std::string& script);

}  // namespace dockhew::inline ecosystems
