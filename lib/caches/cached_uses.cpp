#include "caches/cached_uses.hpp"

#include <algorithm>
#include <string_view>

#include "effects/environment.hpp"

namespace dockhew::inline caches {

bool takes_only_cached(const Site& site, const ToolUse& use) {
  const auto kind = use.action->kind;
  if (kind == ActionKind::clean || kind == ActionKind::other) return false;
  const auto* network = site.step.instruction->flag("network");
  if (network != nullptr && network->value == "none") return true;
  const auto has = [&](std::string_view option) { return use.has_option(option); };
  const auto set = [&](std::string_view setting) { return has_setting(site, *use.command, setting); };
  return std::ranges::any_of(use.tool->cache_use.cached_only_options, has) ||
         std::ranges::any_of(use.tool->cache_use.cached_only_settings, set);
}

bool has_cached_use(const Site& site, const Tool& tool) {
  return site.step.script && std::ranges::any_of(site.step.script->uses, [&](const ToolUse& use) {
           return use.tool == &tool && takes_only_cached(site, use);
         });
}

}  // namespace dockhew::inline caches
