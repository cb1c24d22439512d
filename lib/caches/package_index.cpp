#include "caches/package_index.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

#include "caches/started_tools.hpp"
#include "ecosystems/extensions.hpp"
#include "text/words.hpp"

namespace dockhew::inline caches {
namespace {

bool is_prefix(const std::vector<ShellBranch>& outer, const std::vector<ShellBranch>& inner) {
  return outer.size() <= inner.size() && std::equal(outer.begin(), outer.end(), inner.begin());
}

// Whether the index is fetched before `install` whenever that runs. If several branches of a condition fetch it, all
// do.
bool follows_refresh(const ShellCommand& install, const std::vector<const ShellCommand*>& refreshes) {
  return std::ranges::any_of(refreshes, [&](const ShellCommand* one) {
    if (!one->conditional || (one->element == install.element && is_prefix(one->branches, install.branches)))
      return true;
    return std::ranges::any_of(refreshes, [&](const ShellCommand* other) {
      return !one->branches.empty() && !other->branches.empty() && exclude_each_other(*one, *other);
    });
  });
}

bool has_use(const Site& site, const Tool& tool, ActionKind kind) {
  return std::ranges::any_of(site.uses(),
                             [&](const ToolUse& use) { return use.tool == &tool && use.action->kind == kind; });
}

// `apt-file update`, which keeps its own lists beside those of the packages.
bool keeps_own_index(const Site& site, const Tool& tool) {
  return std::ranges::any_of(site.step.script->commands, [&](const ShellCommand& command) {
    return std::ranges::any_of(tool.cache_use.index_keepers, [&](std::string_view keeper) {
      const auto words = split_words(keeper);
      return command.words.size() >= words.size() &&
             std::ranges::equal(words, std::span(command.words).first(words.size()), {}, {},
                                [](const ShellWord& word) { return std::string_view(word.raw); });
    });
  });
}

bool removes_index(const Site& site, const Tool& tool, std::string_view directory) {
  if (site.step.script->text.view().find(directory) != std::string_view::npos) return true;
  return std::ranges::any_of(site.uses(), [&](const ToolUse& use) {
    return use.tool == &tool && use.action->kind == ActionKind::clean && !use.action->partial;
  });
}

}  // namespace

bool fetches_index_itself(const ToolUse& use) {
  return std::ranges::any_of(use.tool->cache_use.refreshing_options,
                             [&](std::string_view option) { return use.has_option(option); });
}

bool may_read_index(const Facts& facts, const ShellCommand& command, const Tool& tool) {
  const auto* use = command.use;
  if (use == nullptr) return !command.words.empty() && !facts.is_bystander(command.name());
  const auto kind = use->action->kind;
  if (kind == ActionKind::other && use->action->independent) return false;
  return use->tool == &tool && kind != ActionKind::remove && kind != ActionKind::clean && kind != ActionKind::refresh &&
         !(kind == ActionKind::install && fetches_index_itself(*use));
}

bool may_read_index(const Site& later, const Tool& tool) {
  if (later.step.instruction->keyword != Keyword::run) return false;
  if (!later.step.script || later.step.script->opaque) return true;
  if (installs_with_earlier_index(later, tool)) return true;
  // `apk fetch`, `apt-cache policy`: what installs is looked at above.
  if (std::ranges::any_of(later.uses(), [&](const ToolUse& use) {
        return use.action->kind != ActionKind::install && may_read_index(later.file.facts(), *use.command, tool);
      }))
    return true;
  // `docker-php-ext-install` brings an index of its own: https://github.com/docker-library/php.
  const auto* extensions = extension_tools_of(later.stage);
  return std::ranges::any_of(later.step.script->commands, [&](const ShellCommand& command) {
    return command.use == nullptr && may_read_index(later.file.facts(), command, tool) &&
           (extensions == nullptr || !extensions->builds(command));
  });
}

bool installs_with_earlier_index(const Site& site, const Tool& tool) {
  std::vector<const ShellCommand*> refreshes;
  for (const auto& use : site.uses()) {
    if (use.tool != &tool) continue;
    if (use.action->kind == ActionKind::install && !fetches_index_itself(use) &&
        !follows_refresh(*use.command, refreshes))
      return true;
    if (use.action->kind != ActionKind::refresh) continue;
    if (!use.command->conditional) return false;
    refreshes.push_back(use.command);
  }
  return false;
}

bool needs_index_in_layer(const Site& site, const Tool& tool, std::string_view directory) {
  if (!has_use(site, tool, ActionKind::refresh) || installs_with_earlier_index(site, tool)) return true;
  if (keeps_own_index(site, tool)) return true;
  return !removes_index(site, tool, directory) && is_index_read_later(site, tool);
}

bool is_index_read_later(const Site& site, const Tool& tool) {
  const auto is_unknown = [](const ContainerStart& start) { return start.text.empty(); };
  if (std::ranges::any_of(site.context().origin().starts, is_unknown) || started_by_others(site, tool)) return true;
  const auto starts = [&](const Site& start) { return started_by_image(start, tool).has_value(); };
  if (find_start(site, {"starts a reader of the index of ", tool.id}, starts)) return true;
  return site.any_later({"may read the index of ", tool.id},
                        [&](const Site& later) { return may_read_index(later, tool); });
}

}  // namespace dockhew::inline caches
