#include "ecosystems/system/caches.hpp"

#include <algorithm>
#include <string_view>

namespace dockhew::inline ecosystems {
namespace {

using Hazards = Outcome<std::vector<Assumption>>;

// ---- apk ------------------------------------------------------------------------------------------------------------

// Whether a RUN of apk fetches its own index: by a command, or by an option of the installation.
bool brings_index(const Step& step, const Tool& apk) {
  return step.script && std::ranges::any_of(step.script->uses, [&](const ToolUse& use) {
           return use.tool == &apk &&
                  (use.action->kind == ActionKind::refresh ||
                   std::ranges::any_of(apk.cache_use.refreshing_options,
                                       [&](std::string_view option) { return use.has_option(option); }));
         });
}

bool runs(const Step& step, const Tool& tool) {
  if (!step.script) return step.instruction->keyword == Keyword::run;  // it may
  return std::ranges::any_of(step.script->uses, [&](const ToolUse& use) { return use.tool == &tool; });
}

Hazards apk_hazards(const Site& site, const Tool& apk) {
  for (const auto& later : site.stage.steps)
    if (later.index > site.step.index && runs(later, apk) && !brings_index(later, apk))
      return Declined{"a later RUN of apk may need the index from this layer"};
  if (!brings_index(site.step, apk))
    return Declined{
        "this RUN installs without `apk update`, so its index may be in an earlier layer, which apk does not read when "
        "it has a cache"};
  return std::vector<Assumption>{{"one-platform",
                                  "the builder's caches are not shared by builds for several platforms, whose "
                                  "indexes have the same name"}};
}

// ---- Zypper ---------------------------------------------------------------------------------------------------------

// `zypper addrepo URL NAME` adds a repository that refreshes only when told to; with `-f` it always does.
bool adds_still_repository(const Site& site) {
  const auto& script = site.step.script;
  if (!script) return false;
  if (script->text.view().find("/etc/zypp") != std::string_view::npos) return true;
  return std::ranges::any_of(script->commands, [](const ShellCommand& command) {
    if (command.name() != "zypper" || (!command.has_word("addrepo") && !command.has_word("ar"))) return false;
    return std::ranges::none_of(command.words, [](const ShellWord& word) {
      const bool cluster = word.raw.size() > 1 && word.raw[0] == '-' && word.raw[1] != '-';
      return word.raw == "--refresh" || (cluster && word.raw.find('f') != word.raw.npos);
    });
  });
}

// Metadata that outlives the layer must be refreshed, or it names packages that the mirror no longer has.
Hazards zypper_hazards(const Site& site, const Tool& zypper) {
  const auto refreshes = [&](const ToolUse& use) {
    return use.tool == &zypper && use.action->kind == ActionKind::refresh;
  };
  if (std::ranges::any_of(site.uses(), refreshes)) return std::vector<Assumption>();
  if (!site.stage.image || site.stage.image->distribution != "opensuse")
    return Declined{
        "it is not known whether the base image's repositories refresh themselves; add `zypper refresh` to this RUN"};
  if (adds_still_repository(site) || site.any_earlier({"adds a repository to zypper"}, adds_still_repository))
    return Declined{"a repository is added that does not refresh itself; add `zypper refresh` to this RUN"};
  return std::vector<Assumption>();
}

}  // namespace

Hazards system_cache_hazards(const Site& site, const Tool& tool) {
  if (tool.id == "apk") return apk_hazards(site, tool);
  if (tool.id == "zypper") return zypper_hazards(site, tool);
  return std::vector<Assumption>();
}

}  // namespace dockhew::inline ecosystems
