// The modules that a text in Python imports by name. What is imported by a function, as `importlib` does, is not seen.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ecosystems/local_import.hpp"
#include "model/build_context.hpp"

namespace dockhew::inline ecosystems {

// In order, each once: "a.b" of `import a.b`; "a" and "a.b" of `from a import b`, which may be a module or not; with
// their leading dots where they are relative: ".b".
std::vector<std::string> find_imports(std::string_view text);

// What of these may be of the project of a file: see Ecosystem::local_imports. The program that is started may be in
// any directory above.
std::vector<LocalImport> python_local_imports(const BuildContext& context, const std::string& file,
                                              std::string_view text);

}  // namespace dockhew::inline ecosystems
