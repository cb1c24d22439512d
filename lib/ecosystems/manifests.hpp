// Which files of the build context a dependency step reads, so that it can run before the source is copied. With a
// context the manifests are read and every assumption is checked; without one the usual names are taken and the
// assumptions stay open.
#pragma once

#include <string>
#include <vector>

#include "model/assumption.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew {

struct Manifests {
  std::vector<std::string> paths;       // in the context, wildcards included
  std::vector<Assumption> assumptions;  // that could not be checked
  std::string declined;                 // why the step cannot be separated from the source
};

// Whether the use installs or fetches what a manifest declares, rather than packages by name or the project itself.
bool installs_from_manifest(const ToolUse& use);

// The options with which the use would install dependencies alone: "--no-root". Empty where it has them already, and
// where the project itself never is installed. Those of uv, Poetry, PDM and Composer.
std::string options_for_dependencies(const ToolUse& use);
// Whether the project's dependencies can be installed alone, and the use installs them, with the project or without.
bool installs_project(const ToolUse& use);

// What a use needs that installs dependencies alone, if only with those options.
// `directory`: where the command runs, and `root`: what the COPY of the source copies, both relative to the context.
// `use` installs or fetches what manifests declare.
Manifests find_manifests(const Site& site, const ToolUse& use, const std::string& directory, const std::string& root);

}  // namespace dockhew
