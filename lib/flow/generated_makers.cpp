#include "flow/generated_makers.hpp"

#include <algorithm>
#include <array>

#include "caches/cache_directories.hpp"
#include "ecosystems/command_effects.hpp"
#include "ecosystems/installation.hpp"
#include "model/failure.hpp"
#include "model/runs.hpp"
#include "model/site.hpp"
#include "text/path.hpp"

namespace dockhew::inline flow {
namespace {

using Holds = GeneratedDirectory::Holds;
using Of = GeneratedMakers::Of;

// A COPY from another stage, of this directory.
bool brings(const Step& step, const std::string& path) {
  return step.copy && !step.copy->from_context() && step.copy->destination.is(path);
}

// Results that may also be written by hand are those of what is called a build.
bool is_build(const ToolUse& use, const GeneratedDirectory& generated) {
  constexpr auto names = std::to_array<std::string_view>({"build", "compile", "generate", "export"});
  return !generated.may_be_written || std::ranges::any_of(use.command->words, [&](const ShellWord& word) {
    return std::ranges::any_of(names, [&](std::string_view name) { return word.text().starts_with(name); });
  });
}

// Whether nothing has come into a directory yet, so that an installation there finds no manifest.
bool is_empty_before(const Site& site, const Value& directory) {
  if (!directory.is_known() || !site.stage.image || site.stage.image->only_configured) return false;
  return !site.any_earlier({"brings something to ", directory.text}, [&](const Site& earlier) {
    const auto& copy = earlier.step.copy;
    if (earlier.step.instruction->keyword == Keyword::run) return true;
    return copy && (!copy->destination.is_known() || path_is_under(copy->destination.text, directory.text) ||
                    path_is_under(directory.text, copy->destination.text));
  });
}

bool makes(const ToolUse& use, const GeneratedDirectory& generated) {
  const auto kind = use.action->kind;
  if (generated.holds == Holds::results) return kind == ActionKind::build && is_build(use, generated);
  if (generated.of_any_installation) return kind == ActionKind::install || kind == ActionKind::fetch;
  return (generated.build_makes_it && kind == ActionKind::build) || installs_own_manifest(use) || installs_project(use);
}

bool makes(const Site& site, const Ecosystem& ecosystem, const GeneratedDirectory& generated,
           const std::string& project, Of of) {
  return std::ranges::any_of(site.uses(), [&](const ToolUse& use) {
    if (find_ecosystem(*use.tool) != &ecosystem || !makes(use, generated) ||
        is_failure_caught(*site.step.script, *use.command))
      return false;
    if (generated.of_any_installation) return true;
    const auto& directory = use.command->directory;
    if (installs_from_manifest(use) && is_empty_before(site, directory)) return false;
    return !installation_of(use).global && !project.empty() && directory.is_known() &&
           (of == Of::this_one ? project == directory.text : path_is_under(project, directory.text));
  });
}

// Whether what it makes lies at the path when the step has run.
bool writes(const Site& site, const Ecosystem& ecosystem, const GeneratedDirectory& generated, const std::string& path,
            const std::string& project, Of of) {
  if (ecosystem.effects == nullptr) return makes(site, ecosystem, generated, project, of);
  if (mount_over(site.step, path) != nullptr) return false;
  return std::ranges::any_of(site.uses(), [&](const ToolUse& use) {
    if (find_ecosystem(*use.tool) != &ecosystem) return false;
    const auto effects = command_effects(site, *use.command);
    return std::ranges::any_of(effects.writes.paths, [&](const AffectedPath& each) { return each.path == path; });
  });
}

}  // namespace

Made GeneratedMakers::made(const Ecosystem& ecosystem, const GeneratedDirectory& generated, const std::string& path,
                           const std::string& project, Of of) const {
  auto made = Made::no;
  for (const auto& stage : file_.stages()) {
    const bool below = continues(file_, *copy_.stage, stage), above = continues(file_, stage, *copy_.stage);
    if (!below && !above && !generated.of_any_installation) continue;
    for (const auto& step : stage.steps) {
      const bool earlier = below && (&stage != copy_.stage || &step < copy_.step);
      const bool copied = (below || above) && brings(step, path);
      if (copied || makes(Site{file_, stage, step}, ecosystem, generated, project, of))
        made = std::max(made,
                        earlier && (copied || writes(Site{file_, stage, step}, ecosystem, generated, path, project, of))
                            ? Made::before
                            : Made::after);
    }
  }
  return made;
}

}  // namespace dockhew::inline flow
