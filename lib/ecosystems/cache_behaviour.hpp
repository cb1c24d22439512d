// What an ecosystem says of its caches beyond the facts of its table: what is in them besides a cache, and what can be
// taken out of them.
#pragma once

#include <string>
#include <string_view>

#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// A directory that a RUN fills and that a mount would keep out of the image.
struct KeptDirectory {
  std::string path;  // absolute
  std::string what;  // for a person: "Poetry makes its virtual environment in `/root/.cache/pypoetry/virtualenvs`"
  // Whether a later command reads it, given its path, and then needs the same mount. Null where the image itself needs
  // it.
  bool (*read_by)(const ShellCommand& command, const std::string& path) = nullptr;
};

// What a build writes on the way to its results, and how it is told to put that elsewhere.
struct IntermediateFiles {
  std::string_view tool;       // whose builds are told
  std::string_view variable;   // "CARGO_BUILD_BUILD_DIR"
  std::string_view directory;  // a good place for the mount
};

}  // namespace dockhew::inline ecosystems
