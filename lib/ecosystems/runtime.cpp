#include "ecosystems/runtime.hpp"

namespace dockhew::inline ecosystems {

Outcome<BuildPart> part_of_action(const ToolUse& use) {
  if (use.action->kind == ActionKind::build) return BuildPart::builds;
  return use.action->kind == ActionKind::install ? BuildPart::installs : BuildPart::nothing;
}

}  // namespace dockhew::inline ecosystems
