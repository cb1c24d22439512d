#include "caches/package_index.hpp"

#include <algorithm>
#include <string_view>

namespace dockhew::inline caches {
namespace {

bool has_use(const Site& site, const Tool& tool, ActionKind kind) {
  return std::ranges::any_of(site.uses(),
                             [&](const ToolUse& use) { return use.tool == &tool && use.action->kind == kind; });
}

bool removes_index(const Site& site, const Tool& tool, std::string_view directory) {
  if (site.step.script->text.view().find(directory) != std::string_view::npos) return true;
  return std::ranges::any_of(site.uses(), [&](const ToolUse& use) {
    return use.tool == &tool && use.action->kind == ActionKind::clean && !use.action->partial;
  });
}

// A step that installs without an index of its own, or may do so.
bool may_read_index(const Site& later, const Tool& tool) {
  if (later.step.instruction->keyword != Keyword::run) return false;
  if (!later.step.script || later.step.script->opaque) return true;
  if (has_use(later, tool, ActionKind::install) && !has_use(later, tool, ActionKind::refresh)) return true;
  return std::ranges::any_of(later.step.script->commands, [&](const ShellCommand& command) {
    return !command.words.empty() && command.use == nullptr && !later.file.facts().is_bystander(command.name());
  });
}

}  // namespace

bool needs_index_in_layer(const Site& site, const Tool& tool, std::string_view directory) {
  if (!has_use(site, tool, ActionKind::refresh)) return true;
  if (removes_index(site, tool, directory)) return false;
  return site.any_later({"may read the index of ", tool.id},
                        [&](const Site& later) { return may_read_index(later, tool); });
}

}  // namespace dockhew::inline caches
