// An installation that finds no manifest where it looks: no step brings one, or the COPY that would has none to bring,
// because the build context does not have it.
#pragma once

#include <optional>
#include <string>

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline flow {

struct AbsentManifest {
  std::string name;          // as the tool looks for it: "Gemfile", "requirements/base.txt"
  std::string directory;     // of the image, in which it looks first
  bool in_context = false;   // a COPY would bring it, and the build context lacks it
  bool may_succeed = false;  // the tool, or a version of it, then does nothing, and ends without an error
};

// Nothing where a manifest may be there: only images of Docker itself are known to have none, and a file that Git leaves
// alone or that a script of the repository makes counts as there. As slow as the stages are long.
std::optional<AbsentManifest> absent_manifest(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline flow
