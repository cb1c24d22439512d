#include "caches/hosted_obstacle.hpp"

#include <algorithm>

#include "model/runs.hpp"

namespace dockhew::inline caches {
namespace {

// Whether a RUN downloads into the cache and leaves it in its layer.
bool keeps_downloads(const Site& site, const Tool& tool) {
  const auto is_of_tool = [&](const ToolUse& use) { return use.tool == &tool && use.uses_cache(); };
  const auto is_defeated = [&](const ToolUse& use) {
    return is_of_tool(use) && std::ranges::any_of(tool.cache_defeat.options,
                                                  [&](std::string_view option) { return use.has_option(option); });
  };
  return std::ranges::any_of(site.uses(), is_of_tool) && std::ranges::none_of(site.uses(), is_defeated);
}

}  // namespace

Obstacle hosted_obstacle(const Site& site, const Tool& tool, bool store) {
  const auto& origin = site.context().origin();
  const bool locked =
      std::ranges::any_of(tool.caches, [](const ToolCache& cache) { return cache.sharing == "locked"; });
  if (!origin.hosted.empty() && origin.platforms.size() > 1 && locked)
    return Declined{
        "`" + origin.hosted +
        "` builds several platforms on a machine that is new for every run: the cache mount would always be "
        "empty, and the platforms would take turns at it"};
  if (origin.hosted_layers.empty() || tool.packages.of_system) return std::nullopt;
  const auto uses = [&](const Site& other) { return uses_tool(other.step, tool); };
  const auto keeps = [&](const Site& other) { return keeps_downloads(other, tool); };
  const bool others = store ? site.any_later({"uses ", tool.id}, uses) || site.any_earlier({"uses ", tool.id}, uses)
                            : keeps(site) && (site.any_later({"keeps downloads of ", tool.id}, keeps) ||
                                              site.any_earlier({"keeps downloads of ", tool.id}, keeps));
  if (!others) return std::nullopt;
  return Declined{fetched_layers(site.context()) +
                  ": when the first RUN that uses the packages comes from a layer, a later one would download them "
                  "again"};
}

std::string fetched_layers(const BuildContext& context) {
  return "`" + context.origin().hosted_layers +
         "` fetches layers of earlier builds, or will with the cache that is proposed for it, but no mounts";
}

}  // namespace dockhew::inline caches
