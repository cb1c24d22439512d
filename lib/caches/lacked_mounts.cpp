#include "caches/lacked_mounts.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "caches/cache_directories.hpp"
#include "caches/cache_hazards.hpp"
#include "caches/cached_uses.hpp"
#include "caches/made_directories.hpp"
#include "caches/removed_directories.hpp"
#include "caches/store_obstacles.hpp"
#include "ecosystems/command_effects.hpp"
#include "ecosystems/installation.hpp"
#include "edits/mount_edits.hpp"
#include "edits/run_edits.hpp"
#include "effects/unix_effects.hpp"
#include "model/failure.hpp"
#include "text/path.hpp"

namespace dockhew::inline caches {
namespace {

bool downloads(const Site& site, const ToolUse& use, const Tool& tool) {
  const auto kind = use.action->kind;
  const bool fills = kind == ActionKind::fetch || kind == ActionKind::install || kind == ActionKind::build;
  return use.tool == &tool && fills && use.uses_cache() && !takes_only_cached(site, use);
}

bool downloads_with(const Site& site, const Tool& tool) {
  return std::ranges::any_of(site.uses(), [&](const ToolUse& use) { return downloads(site, use, tool); });
}

// What a project needs, and not tools by their names: `cargo install cargo-chef`.
bool downloads_for_project(const Site& site, const Tool& tool) {
  return std::ranges::any_of(site.uses(), [&](const ToolUse& use) {
    return downloads(site, use, tool) && !installs_by_name(use) && !names_versions(use);
  });
}

// An earlier RUN without the mount, or a COPY, may have put the downloads into a layer.
bool may_be_in_layer(const Site& site, const Tool& tool, const std::string& directory) {
  const auto may_fill = [&](const Site& earlier) {
    if (earlier.step.instruction->keyword != Keyword::run || mount_over(earlier.step, directory) != nullptr)
      return false;
    return downloads_with(earlier, tool) || may_fill_store(earlier, tool);
  };
  return site.any_earlier({"may put into a layer at ", directory, " by ", tool.id}, may_fill) ||
         is_copied_below(site, directory);
}

std::optional<Site> filler_of(const Site& site, const Tool& tool, const std::string& directory) {
  return site.first_earlier({"downloads into a mount on ", directory, " by ", tool.id}, [&](const Site& earlier) {
    const auto* mount = mount_over(earlier.step, directory);
    return mount != nullptr && mount->type == Mount::Type::cache && downloads_for_project(earlier, tool);
  });
}

// `yarn install && rm -r node_modules`
bool removes_installed(const Site& site) {
  const auto is_place = [&](const ShellWord& word) {
    const auto path = "/" + std::string(word.raw);
    return std::ranges::any_of(site.file.facts().tools, [&](const Tool& tool) {
      return std::ranges::any_of(tool.installs_into, [&](const InstalledPlace& place) {
        return std::ranges::any_of(place.endings, [&](std::string_view end) { return path.ends_with(end); });
      });
    });
  };
  return std::ranges::any_of(site.step.script->commands, [&](const ShellCommand& command) {
    return has_operands(site.file.facts(), command, {Operands::removed}) &&
           std::ranges::any_of(command.words, is_place);
  });
}

// A use that needs nothing of what is downloaded, or may not.
bool may_need_nothing(const ToolUse& use) {
  constexpr std::string_view words[] = {"--dry-run", "--help", "--no-deps", "--version", "clean", "metadata"};
  return std::ranges::any_of(words, [&](std::string_view word) { return use.command->has_word(word); });
}

bool may_meet(const Mount& one, const std::string& target) {
  return !one.target.is_known() || path_is_under(one.target.text, target) || path_is_under(target, one.target.text);
}

// The RUN sees something else there, or what it takes may be elsewhere.
bool sees_another(const Site& site, const ToolUse& use, const std::string& directory) {
  const auto meets = [&](const Mount& mount) { return may_meet(mount, directory); };
  const auto names_settings = [](const ShellWord& word) {
    const std::string_view raw = word.raw;
    return raw == "-s" || raw == "--settings" || raw.find("ettings") != raw.npos;
  };
  return std::ranges::any_of(site.step.mounts, meets) || std::ranges::any_of(use.command->words, names_settings);
}

// What an installation made of its downloads may be in a layer, and another then finds all or a part of it there.
enum class Installed { nothing, part, all };

Installed left_installed(const Site& filler, const Tool& tool) {
  if (removes_installed(filler)) return Installed::nothing;
  const auto installs = [&](const ToolUse& use) {
    return downloads(filler, use, tool) && use.action->kind == ActionKind::install;
  };
  return std::ranges::any_of(filler.uses(), installs) ? Installed::all : Installed::part;
}

// Whether a RUN writes there itself, settings for one.
bool is_written_below(const Site& site, const std::string& target) {
  const auto writes = [&](const Site& earlier) {
    if (!earlier.step.script || mount_over(earlier.step, target) != nullptr) return false;
    return std::ranges::any_of(earlier.step.script->commands, [&](const ShellCommand& command) {
      if (command.use != nullptr) return false;
      const auto effects = command_effects(earlier, command);
      return std::ranges::any_of(effects.writes.paths,
                                 [&](const AffectedPath& each) { return path_is_under(each.path, target); });
    });
  };
  return site.any_earlier({"writes itself below ", target}, writes);
}

Obstacle repeat_obstacle(const Site& site, const Site& filler, const Mount& mount) {
  const auto text = slice(site.file.source(), mount.span);
  const auto& target = mount.target.text;
  if (text.find_first_of("\"'\\\n") != text.npos) return Declined{"the flag has quotes or spans several lines"};
  if (text.find('$') != text.npos && &site.stage != &filler.stage)
    return Declined{"the flag has a variable, which may be another in this stage"};
  if (text.find(target) == text.npos)
    return Declined{"the target of the earlier mount depends on its working directory"};
  if (!(site.step.user == filler.step.user))
    return Declined{"this RUN and the earlier one have different users, who cannot both own the cache"};
  if (std::ranges::any_of(site.step.mounts, [&](const Mount& other) { return may_meet(other, target); }))
    return Declined{"this RUN has another mount there"};
  if (const auto removed = removes_above(site, *site.step.script, {target}))
    return Declined{"this RUN removes `" + *removed + "`, and would fail at a mount there"};
  if (const auto made = makes_above(site, {target}))
    return Declined{"this RUN makes `" + *made + "`, which would be there already for the mount"};
  if (is_copied_below(site, target) || is_written_below(site, target))
    return Declined{"an earlier instruction puts files below `" + target + "`, which the mount would hide"};
  return std::nullopt;
}

}  // namespace

bool may_keep_downloads(const Site& site, const Tool& tool, const std::string& directory) {
  if (!site.step.script) return false;
  const auto names_it = [&](const ShellWord& word) {
    const auto path = word.value.is_known() ? std::string_view(word.text()) : std::string_view(word.raw);
    return path.find(directory) != path.npos || directory.starts_with(path.substr(0, path.find_last_not_of("/*") + 1));
  };
  return std::ranges::any_of(site.step.script->commands, [&](const ShellCommand& command) {
    if (command.has_word("vendor")) return true;
    if (command.words.empty() || (command.use != nullptr && command.use->tool == &tool)) return false;
    if (has_operands(site.file.facts(), command,
                     {Operands::removed, Operands::owned, Operands::moded, Operands::written}))
      return false;
    return std::any_of(command.words.begin() + 1, command.words.end(),
                       [&](const ShellWord& word) { return word.raw.find('/') != word.raw.npos && names_it(word); });
  });
}

std::optional<LackedMounts> find_lacked_mounts(const Site& site, const Tool& tool) {
  const auto* use = use_of_earlier_downloads(site, tool);
  if (use == nullptr || is_failure_caught(*site.step.script, *use->command) || may_need_nothing(*use) ||
      !find_cache_hazards(site, tool))
    return std::nullopt;
  std::optional<LackedMounts> lacked;
  for (const auto& directory : cache_directories(site, *use)) {
    if (!directory.path.is_known()) continue;
    const auto& path = directory.path.text;
    if (sees_another(site, *use, path) || may_be_in_layer(site, tool, path)) continue;
    const auto filler = filler_of(site, tool, path);
    const auto keeps = [&](const Site& earlier) { return may_keep_downloads(earlier, tool, path); };
    if (!filler || site.any_earlier({"may keep downloads of ", tool.id, " beside ", path}, keeps)) continue;
    bool certain = !directory.assumed && !may_be_skipped(*site.step.script, *use->command);
    if (!directory.cache->store && !use->action->from_scratch) {
      const auto installed = left_installed(*filler, tool);
      if (installed == Installed::all) continue;
      certain = certain && installed == Installed::nothing;
    }
    if (!lacked) lacked.emplace(LackedMounts{use, *filler, {}, certain});
    const auto* mount = mount_over(filler->step, path);
    if (&filler->step == &lacked->filler.step && std::ranges::find(lacked->mounts, mount) == lacked->mounts.end())
      lacked->mounts.push_back(mount);
  }
  return lacked;
}

Outcome<std::vector<TextEdit>> repeat_mounts(const Site& site, const Site& filler,
                                             const std::vector<const Mount*>& mounts, const Tool& tool,
                                             Builder builder) {
  if (!site.step.script || site.step.script->opaque) return Declined{"the script of this RUN could not be read"};
  std::vector<std::string> flags;
  for (const auto* mount : mounts) {
    if (auto obstacle = repeat_obstacle(site, filler, *mount)) return *std::move(obstacle);
    auto& flag = flags.emplace_back(slice(site.file.source(), mount->span));
    const bool locked =
        std::ranges::any_of(tool.caches, [&](const ToolCache& cache) { return must_be_locked(cache, builder); });
    if (locked && flag.find("sharing=") == flag.npos) flag += ",sharing=locked";
  }
  return std::vector<TextEdit>{add_flags(site.file.document(), *site.step.instruction, flags)};
}

Assumption cache_is_kept() {
  return {"cache-is-kept",
          "the builder's cache still holds what the earlier RUN downloaded when this RUN alone is built again"};
}

}  // namespace dockhew::inline caches
