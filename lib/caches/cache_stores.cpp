#include "caches/cache_stores.hpp"

#include <algorithm>

#include "caches/cache_directories.hpp"
#include "model/tool_use.hpp"
#include "text/path.hpp"

namespace dockhew::inline caches {
namespace {

// Whether a RUN of this stage uses a cache at this place, in a mount or not.
bool uses_cache_at(const Dockerfile& file, const Stage& stage, std::string_view target) {
  const auto at_target = [&](const Step& step, const ToolUse& use) {
    if (!use.uses_cache() || !is_for_one_distribution(*use.tool)) return false;
    const auto directories = cache_directories({file, stage, step}, use);
    return std::ranges::any_of(directories, [&](const CacheDirectory& d) { return d.path.is(target); });
  };
  return std::ranges::any_of(stage.steps, [&](const Step& step) {
    if (!step.script) return false;
    const auto& uses = step.script->uses;
    return std::ranges::any_of(uses, [&](const ToolUse& use) { return at_target(step, use); });
  });
}

}  // namespace

bool is_for_one_distribution(const Tool& tool) { return tool.system_packages || tool.for_one_distribution; }

std::string store_id(const Tool& tool, std::string_view target, std::string_view distribution) {
  auto id = std::string(tool.id);
  // A tool with several caches needs several stores.
  if (const auto name = path_basename(target); tool.caches.size() > 1 && name != tool.id) id += '-' + std::string(name);
  return id + '-' + std::string(distribution);
}

std::optional<std::string> needed_store_id(const Dockerfile& file, const Stage& stage, const Tool& tool,
                                           std::string_view target) {
  if (!stage.image || stage.image->distribution.empty() || !is_for_one_distribution(tool)) return std::nullopt;
  const auto& distribution = stage.image->distribution;
  if (std::ranges::find(tool.own_store_on, distribution) != tool.own_store_on.end())
    return store_id(tool, target, distribution);
  for (const auto& other : file.stages()) {
    if (other.index >= stage.index) break;
    if (!other.image || other.image->distribution.empty() || !uses_cache_at(file, other, target)) continue;
    // The first one keeps the default.
    if (other.image->distribution == distribution) return std::nullopt;
    return store_id(tool, target, distribution);
  }
  return std::nullopt;
}

}  // namespace dockhew::inline caches
