#include "ecosystems/go/caches.hpp"

#include "ecosystems/go/modules.hpp"
#include "facts/facts.hpp"

namespace dockhew::inline ecosystems {

// Modules came with Go 1.11; that 1.10 has a cache of builds is not worth a mount of its own. A tag of one number is
// the latest release.
Outcome<std::vector<Assumption>> go_cache_hazards(const Site& site, const Tool& tool) {
  const auto& image = site.stage.image;
  if (image && image->entry != nullptr && image->entry->is_compiler && image->entry->language == "go" &&
      version_numbers(image->version).size() > 1 && !version_at_least(image->version, "1.11"))
    return Declined{"Go " + image->version + " has no modules: what it downloads is in GOPATH, and not in a cache"};
  if (const auto module = module_read_by_program(site.file, site.stage); !module.empty())
    return Declined{"programs with `" + std::string(module) + "` read files of it in the module cache when they run"};
  const ToolUse* last = nullptr;
  for (const auto& use : site.uses())
    if (use.tool == &tool) last = &use;
  if (last != nullptr && is_written_off(site, *last->command))
    return Declined{"`go env -w` turns modules off: what Go downloads is in GOPATH, and not in a cache"};
  return std::vector<Assumption>();
}

}  // namespace dockhew::inline ecosystems
