// Words in the source of a project that say what its program needs while it runs, though nothing installs it by name:
// `import mimetypes`, `ToolProvider.getSystemJavaCompiler()`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecosystems/runtime.hpp"

namespace dockhew::inline ecosystems {

struct SourceWord {
  std::string file;  // in the context
  std::string_view word;
};

// The first of `words` in a file below `root` of the context that `runtime` runs or that is compiled for it, outside of
// comments. Without tests. A word may continue behind: `com.sun.jdi` is in `com.sun.jdi.VirtualMachine`.
std::optional<SourceWord> find_source_word(const BuildContext& context, const std::string& root, const Runtime& runtime,
                                           Words words);

// Packages of the distribution for what the source of a stage's program calls, by the table of that name in the facts'
// `needed_packages`: `mimetypes.guess_type` reads a file of `media-types`. Debian's full images have them.
std::vector<std::string> packages_of_source(const Dockerfile& file, const Stage& stage, const Runtime& runtime,
                                            std::string_view table);

// Whether a directory of a project, by its name, holds source of the program, and no tests, results or libraries.
bool is_of_program(std::string_view directory);

}  // namespace dockhew::inline ecosystems
