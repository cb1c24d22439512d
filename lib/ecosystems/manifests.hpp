// Which files of the build context a dependency step reads, so that it can run before the source is copied. With a
// context, the manifests are read and every assumption is checked; without one, the usual names are used and the
// assumptions remain.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/assumption.hpp"
#include "model/outcome.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// Two directories of the build context.
struct Project {
  std::string directory;  // where the command runs
  std::string root;       // what the COPY of the source copies
};

struct Manifests {
  std::vector<std::string> paths;       // in the context, wildcards included
  std::vector<Assumption> assumptions;  // that could not be checked
};

// What a use needs that installs or fetches what manifests declare, if only with the options that leave the project
// itself out; or why it cannot be separated from the source.
Outcome<Manifests> find_manifests(const Site& site, const ToolUse& use, const Project& project);

// Whether a file, by its name, says which versions a manifest stands for. Not go.sum: which versions Go takes is in
// go.mod.
bool is_lock_file(std::string_view name);

}  // namespace dockhew::inline ecosystems
