#include "caches/mount_plan.hpp"

#include <algorithm>

#include "caches/cache_directories.hpp"
#include "caches/cache_hazards.hpp"
#include "caches/cache_readers.hpp"
#include "caches/cache_stores.hpp"
#include "caches/cached_uses.hpp"
#include "caches/mount_defeats.hpp"
#include "caches/mount_parents.hpp"
#include "caches/removed_directories.hpp"
#include "edits/mount_edits.hpp"
#include "edits/run_edits.hpp"
#include "model/runs.hpp"
#include "syntax/parser_directive.hpp"
#include "text/path.hpp"

namespace dockhew {
namespace {

bool mentions(const Script& script, std::string_view text) {
  return script.text.view().find(text) != std::string_view::npos;
}

// Whether APT's lists must stay in a layer: the RUN reads those of an earlier one, or a later RUN may read those of
// this.
bool needs_lists_in_layer(const Site& site, std::span<const ToolUse> uses) {
  const auto has = [](std::span<const ToolUse> list, ActionKind kind) {
    return std::ranges::any_of(list,
                               [&](const ToolUse& use) { return use.tool->id == "apt" && use.action->kind == kind; });
  };
  if (!has(uses, ActionKind::refresh)) return true;
  const bool removes_them =
      mentions(*site.step.script, "/var/lib/apt/lists") || std::ranges::any_of(uses, [](const ToolUse& use) {
        return use.tool->id == "apt" && (use.command->has_word("dist-clean") || use.command->has_word("distclean"));
      });
  if (removes_them) return false;
  bool needed = false;
  site.each_later([&](const Site& there) {
    const auto& later = there.step;
    if (needed || later.instruction->keyword != Keyword::run) return;
    const bool known = later.script && !later.script->opaque;
    const auto later_uses = known ? there.uses() : std::span<const ToolUse>();
    needed =
        !known || (has(later_uses, ActionKind::install) && !has(later_uses, ActionKind::refresh)) ||
        std::ranges::any_of(later.script->commands, [&](const ShellCommand& command) {
          return !command.words.empty() && command.use == nullptr && !site.file.facts().is_bystander(command.name());
        });
  });
  return needed;
}

bool runs_as_other_user(const ShellCommand& command) {
  return std::ranges::any_of(command.wrappers, [](const ShellWord& word) {
    return word.raw == "-u" || word.raw.starts_with("--user") || word.raw.starts_with("-u");
  });
}

// Whether the file itself says who runs a step, rather than the base image.
bool sets_user(const Site& site) {
  return site.any_earlier([](const Step& earlier) { return earlier.instruction->keyword == Keyword::user; });
}

// `curl https://sh.rustup.rs | sh -s -- -y`
bool reads_bystander_script(const Facts& facts, const Script& script, const ShellCommand& command) {
  const auto& name = command.name();
  if (!command.piped || (name != "sh" && name != "bash") || command.element >= script.chain.size()) return false;
  const auto text = script.text.view(script.chain[command.element].span);
  return std::ranges::any_of(facts.bystander_scripts,
                             [&](std::string_view address) { return text.find(address) != text.npos; });
}

// A command of this RUN that may run a tool of the tables without its name being seen here; empty when there is none.
std::string opaque_command(const Dockerfile& file, const Step& step) {
  if (!step.script || step.script->opaque) return "a script";
  for (const auto& command : step.script->commands) {
    if (command.words.empty() || command.use != nullptr || file.facts().is_bystander(command.name()) ||
        reads_bystander_script(file.facts(), *step.script, command))
      continue;
    return "`" + (command.name().empty() ? command.words[0].raw : command.name()) + "`";
  }
  return {};
}

// An earlier RUN of the chain may have filled the store in its layer, which a mount would hide.
std::string earlier_filler(const Site& site) {
  std::string command;
  site.any_earlier([&](const Step& earlier) {
    if (earlier.instruction->keyword == Keyword::run) command = opaque_command(site.file, earlier);
    return !command.empty();
  });
  return command;
}

// An earlier COPY brings the store along, as from a stage that has only downloaded. Settings that are copied beside it,
// and whole file systems (`COPY --from=xx / /`), are something else.
bool is_copied(const Site& site, const std::vector<std::string>& directories) {
  return site.any_earlier([&](const Step& earlier) {
    if (!earlier.copy || !earlier.copy->destination.is_known()) return false;
    const auto& destination = earlier.copy->destination.text;
    return std::ranges::any_of(directories, [&](const std::string& directory) {
      return path_is_under(destination, directory) ||
             (!earlier.copy->from_context() && destination != "/" && path_is_under(directory, destination));
    });
  });
}

// An image that downloads packages and builds nothing with them is there for those who will: children, or people
// inside.
bool packages_are_the_purpose(const Site& site, const Tool& tool) {
  if (!site.file.ships(site.stage)) return false;
  const auto builds = [&](const Step& other) {
    if (!other.script) return other.instruction->keyword == Keyword::run;
    return std::ranges::any_of(other.script->uses, [&](const ToolUse& use) {
      return use.tool == &tool && use.action->kind != ActionKind::fetch && use.action->kind != ActionKind::other;
    });
  };
  bool built = builds(site.step);
  site.each_later([&](const Site& later) { built |= builds(later.step); });
  return !built;
}

// Whether this RUN or a later one takes from the cache what a mount hides, or does not hold.
std::string cached_need(const Site& site, const Tool& tool) {
  if (has_cached_use(site, tool))
    return "it works offline from what an earlier layer must hold, and a mount hides that or is empty";
  std::string reason;
  site.each_later([&](const Site& later) {
    if (has_cached_use(later, tool))
      reason = "a later RUN works offline from what " + std::string(tool.title) +
               " downloads here, and a mount may be empty by then";
  });
  return reason;
}

bool stores_results(const Step& step, const Tool& tool) {
  return step.script && std::ranges::any_of(step.script->uses, [&](const ToolUse& use) {
           return use.action->stores_results_in == tool.id;
         });
}

// `mvn install` in one RUN and a use of what it made in another: in a mount the second would find what some other build
// has put there last, or nothing.
bool passes_results_on(const Site& site, const Tool& tool) {
  const auto stores = [&](const Step& any) { return stores_results(any, tool); };
  bool used_later = false;
  site.each_later([&](const Site& there) {
    const auto& later = there.step;
    used_later |=
        later.script && std::ranges::any_of(later.script->uses, [&](const ToolUse& use) { return use.tool == &tool; });
  });
  return (stores(site.step) && used_later) || site.any_earlier(stores);
}

// A store is read by later commands: every one that could must be known, gets the mount too, and works when it is
// empty.
std::string plan_store(const Site& site, const Tool& tool, const std::vector<std::string>& directories) {
  std::string reason;
  if (const auto filler = earlier_filler(site); !filler.empty())
    return filler + " in an earlier RUN may have put " + std::string(tool.title) +
           " packages into its layer, which a mount would hide";
  if (passes_results_on(site, tool))
    return "one RUN installs what it builds into the store, and another one takes it from there";
  if (is_copied(site, directories))
    return "an earlier COPY brings " + std::string(tool.title) + " packages, which a mount would hide";
  site.each_later([&](const Site& there) {
    const auto& later = there.step;
    if (!reason.empty()) return;
    const auto& instruction = *later.instruction;
    if (instruction.keyword == Keyword::run) {
      if (const auto command = opaque_command(site.file, later); !command.empty())
        reason = command + " in a later RUN may need the downloaded " + std::string(tool.title) + " packages";
    } else if ((instruction.keyword == Keyword::cmd || instruction.keyword == Keyword::entrypoint) &&
               !instruction.arguments.empty()) {
      const auto& text = instruction.arguments[0].text;
      const auto program = path_basename(std::string_view(text).substr(0, text.find(' ')));
      for (const auto& pattern : tool.commands)
        if (program == pattern[0])
          reason =
              "the container runs `" + std::string(pattern[0]) + "`, which needs the downloaded packages in the image";
    }
  });
  if (reason.empty() && packages_are_the_purpose(site, tool))
    reason = "nothing here builds with the downloaded packages, so they may be what the image is for";
  return reason;
}

}  // namespace

bool has_run_mounts(const Dockerfile& file, Builder builder) {
  if (!has_mounts(builder)) return false;
  const auto syntax = find_syntax(file.source());
  constexpr std::string_view name = "docker/dockerfile:";
  const auto at = syntax ? syntax->value.find(name) : std::string::npos;
  if (at == std::string::npos) return true;
  const auto tag = std::string_view(syntax->value).substr(at + name.size());
  const auto numbers = version_numbers(tag);
  const bool old = numbers.size() > 1 && numbers[0] == 1 && numbers[1] < 2;
  return !old || tag.find("experimental") != tag.npos;
}

Assumption default_base_image(const Stage& stage) {
  return {"default-base-image",
          "the base image is `" + stage.reference.name() + "` or one like it, as the build argument's default says"};
}

CacheMountPlan plan_cache_mounts(const Site& site, const Tool& tool, Builder builder) {
  CacheMountPlan plan;
  const auto& script = *site.step.script;
  const auto& uses = script.uses;
  const ToolUse* first = nullptr;
  std::vector<const CacheDirectory*> to_add;
  std::vector<CacheDirectory> directories;
  for (const auto& use : uses) {
    if (use.tool != &tool || !use.uses_cache()) continue;
    if (first == nullptr) first = &use;
    for (auto& directory : cache_directories(site, use)) {
      const bool seen =
          std::ranges::any_of(directories, [&](const CacheDirectory& d) { return d.path == directory.path; });
      if (!seen) directories.push_back(std::move(directory));
    }
  }
  if (first == nullptr) return plan;
  if (runs_as_other_user(*first->command)) {
    plan.unknown = true;
    plan.declined = "the command runs as another user, whose cache is elsewhere";
    return plan;
  }
  // Of a base image that is not known its author knows more: a mount that looks like one of the caches is one.
  if (std::ranges::any_of(directories, [&](const CacheDirectory& directory) {
        return directory.assumed && misplaced_mount(site.step, tool, directory) != nullptr;
      }))
    return plan;
  bool assumed = false;
  const bool keep_lists = tool.id == "apt" && needs_lists_in_layer(site, uses);
  for (const auto& directory : directories) {
    if (keep_lists && directory.path.is("/var/lib/apt/lists")) continue;
    if (!directory.path.is_known()) {
      plan.unknown = true;
      continue;
    }
    if (mount_over(site.step, directory.path.text) != nullptr) continue;
    // A mount that was meant for it is moved, and not joined by a second one.
    if (misplaced_mount(site.step, tool, directory) != nullptr) continue;
    to_add.push_back(&directory);
    plan.missing.push_back(directory.path.text);
    assumed |= directory.assumed;
    plan.store |= directory.cache->store;
  }
  if (plan.unknown) {
    const auto placed = [&](const ToolUse& use) { return use.tool == &tool && is_placed_by_option(site, use); };
    plan.declined = std::ranges::any_of(uses, placed)
                        ? "an option of the command says where the cache is"
                        : "where " + std::string(tool.title) +
                              " keeps its cache here depends on a user or a variable that this file does not tell";
    return plan;
  }
  if (to_add.empty()) return plan;

  const auto decline = [&](std::string reason) {
    if (plan.declined.empty()) plan.declined = std::move(reason);
  };
  if (const auto removed = removes_above(script, plan.missing); !removed.empty())
    decline("this RUN removes files in or below `" + removed + "`, and would fail at a mount there");
  if (auto reader = cache_reader(site, tool, plan.missing); !reader.empty()) decline(std::move(reader));
  // A non-root user cannot write to a mount that root owns, and its uid must be known to say so.
  const auto owner = tool.system_packages ? MountOwner() : mount_owner(site.stage, site.step);
  if (owner.unknown) {
    decline("the uid of user `" + site.step.user.text + "` is not known, and without it the mount is not writable");
  } else if (site.step.user.is_unknown() && !tool.system_packages) {
    if (sets_user(site)) decline("who runs this step is not known, and root alone can write to the mount");
    assumed = true;
  }
  if (!tool.system_packages)
    for (const auto& directory : plan.missing)
      if (auto obstacle = parent_obstacle(site, directory); !obstacle.empty()) decline(std::move(obstacle));
  const auto bound = [&](const std::string& directory) {
    return std::ranges::any_of(site.step.mounts, [&](const Mount& mount) {
      return mount.type == Mount::Type::bind && mount.target.is_known() && path_is_under(directory, mount.target.text);
    });
  };
  if (std::ranges::any_of(plan.missing, bound))
    decline("a bind mount of this RUN brings that directory, which a mount would hide");
  if (script.opaque) decline("the script of this RUN could not be read");
  if (!has_run_mounts(site.file, builder))
    decline(
        "what builds this has no `RUN --mount`: `# syntax=` asks for a frontend before 1.2, or the builder is an old "
        "one");
  auto hazards = find_cache_hazards(site, tool);
  if (!hazards.declined.empty()) decline(std::move(hazards.declined));
  if (auto reason = cached_need(site, tool); !reason.empty()) decline(std::move(reason));
  if (plan.store) {
    if (auto reason = plan_store(site, tool, plan.missing); !reason.empty()) decline(std::move(reason));
  }

  std::vector<std::string> mounted = plan.missing;
  for (const auto& mount : site.step.mounts)
    if (mount.type == Mount::Type::cache && mount.target.is_known()) mounted.push_back(mount.target.text);
  auto defeats = plan_defeat_removal(site, tool, mounted);
  if (!defeats.declined.empty()) decline(std::move(defeats.declined));
  assumed |= defeats.assumes_root;
  if (!plan.declined.empty()) return plan;

  std::vector<std::string> flags;
  for (const auto* directory : to_add) {
    std::string flag = "--mount=type=cache,target=" + directory->path.text;
    if (const auto id = needed_store_id(site.file, site.stage, tool, directory->path.text); !id.empty())
      flag += ",id=" + id;
    if (must_be_locked(*directory->cache, builder)) flag += ",sharing=locked";
    flags.push_back(flag + owner.options);
  }
  plan.edits = std::move(defeats.edits);
  plan.edits.push_back(add_flags(site.file.document(), *site.step.instruction, flags));
  // A prepended command and the flags may stand at one point; there the flags come first.
  const auto at = plan.edits.back().span;
  for (std::size_t i = 0; i + 1 < plan.edits.size(); ++i) {
    if (plan.edits[i].span != at) continue;
    plan.edits.back().text += plan.edits[i].text;
    plan.edits.erase(plan.edits.begin() + static_cast<std::ptrdiff_t>(i));
    break;
  }
  // A word or an element removed at the very start would swallow the insertion point.
  for (auto& edit : plan.edits) {
    if (&edit == &plan.edits.back() || edit.span.begin != at.begin || edit.span.empty()) continue;
    edit.text = plan.edits.back().text + edit.text;
    plan.edits.pop_back();
    break;
  }
  plan.assumptions = std::move(hazards.assumptions);
  std::ranges::move(defeats.assumptions, std::back_inserter(plan.assumptions));
  if (site.stage.base_from_argument && !assumed) plan.assumptions.push_back(default_base_image(site.stage));
  if (assumed) {
    const auto image = site.stage.base.is_known() ? site.stage.base.text : std::string("the base image");
    plan.assumptions.push_back({"base-image-defaults", "`" + image +
                                                           "` runs as root and leaves the cache directories of " +
                                                           std::string(tool.title) + " where they are by default"});
  }
  return plan;
}

}  // namespace dockhew
