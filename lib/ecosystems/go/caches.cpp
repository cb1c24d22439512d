#include "ecosystems/go/caches.hpp"

#include "ecosystems/go/modules.hpp"
#include "effects/environment.hpp"
#include "effects/source_parts.hpp"
#include "facts/facts.hpp"
#include "model/context_path.hpp"

namespace dockhew::inline ecosystems {

namespace {

// Go before 1.16 works in GOPATH where there is no go.mod, unless it is told otherwise.
// https://go.dev/blog/go116-module-changes
bool works_in_gopath(const Site& site, const ToolUse& use) {
  const auto& directory = use.command->directory;
  if (!site.context().is_known() || !directory.is_known() || version_at_least(site.stage.image->version, "1.16") ||
      !environment(site, *use.command, "GO111MODULE").text.empty())
    return false;
  const auto root = project_in_context(site.file, site.stage, site.earlier().size(), directory.text);
  const auto text = site.step.script->text.view();
  return root && text.find("mod init") == text.npos && !site.context().exists(join_context_path(*root, "go.mod"));
}

}  // namespace

// Modules came with Go 1.11; that 1.10 has a cache of builds is not worth a mount of its own. A tag of one number is
// the latest release.
Outcome<std::vector<Assumption>> go_cache_hazards(const Site& site, const Tool& tool) {
  const auto& image = site.stage.image;
  const bool has_version = image && image->entry != nullptr && image->entry->is_compiler &&
                           image->entry->language == "go" && version_numbers(image->version).size() > 1;
  if (has_version && !version_at_least(image->version, "1.11"))
    return Declined{"Go " + image->version + " has no modules: what it downloads is in GOPATH, and not in a cache"};
  if (const auto module = module_read_by_program(site.file, site.stage); !module.empty())
    return Declined{"programs with `" + std::string(module) + "` read files of it in the module cache when they run"};
  const ToolUse* last = nullptr;
  for (const auto& use : site.uses())
    if (use.tool == &tool) last = &use;
  if (last != nullptr && has_version && works_in_gopath(site, *last))
    return Declined{"without go.mod, Go " + image->version +
                    " works in GOPATH: what it downloads is there, and not in a cache"};
  if (last != nullptr && is_written_off(site, *last->command))
    return Declined{"`go env -w` turns modules off: what Go downloads is in GOPATH, and not in a cache"};
  return std::vector<Assumption>();
}

}  // namespace dockhew::inline ecosystems
