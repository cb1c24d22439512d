// What in a RUN empties or bypasses the cache that a mount of the same RUN holds: a clean-up command, a flag, a
// variable, a tool that deletes what it has installed, or the hook of Debian's images. All of it goes, or nothing does.
#pragma once

#include <string>
#include <vector>

#include "model/assumption.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"
#include "text/edit.hpp"

namespace dockhew {

struct Defeat {
  Span span;  // in the source
  std::string message;
};
struct DefeatPlan {
  std::vector<Defeat> defeats;
  std::vector<TextEdit> edits;  // remove all of them
  bool assumes_root = false;    // they set APT's hook aside, and who runs here is not known
  std::vector<Assumption> assumptions;
  std::string declined;  // why there are no edits
};

// The commands that set APT's `docker-clean` hook aside for the length of a RUN. Where it is not known to be there,
// they look. `wrapper` stands before what needs root: "sudo ", or nothing.
struct HookCommands {
  std::string before, after;
};
HookCommands set_hook_aside(bool is_there, std::string_view wrapper = {});

// For one tool and the targets of its mounts, those that are about to be added included.
DefeatPlan plan_defeat_removal(const Site& site, const Tool& tool, const std::vector<std::string>& mounted);

}  // namespace dockhew
