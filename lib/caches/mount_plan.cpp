#include "caches/mount_plan.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <span>

#include "caches/cache_directories.hpp"
#include "caches/cache_hazards.hpp"
#include "caches/cache_readers.hpp"
#include "caches/cache_stores.hpp"
#include "caches/cached_uses.hpp"
#include "caches/emptied_mounts.hpp"
#include "caches/hosted_obstacle.hpp"
#include "caches/made_directories.hpp"
#include "caches/mount_defeats.hpp"
#include "caches/mount_owner.hpp"
#include "caches/mount_parents.hpp"
#include "caches/package_index.hpp"
#include "caches/removed_directories.hpp"
#include "caches/store_obstacles.hpp"
#include "caches/user_obstacle.hpp"
#include "ecosystems/context_scripts.hpp"
#include "ecosystems/named_files.hpp"
#include "edits/mount_edits.hpp"
#include "edits/run_edits.hpp"
#include "effects/accounts.hpp"
#include "effects/environment.hpp"
#include "model/runs.hpp"
#include "model/user.hpp"
#include "syntax/parser_directive.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline caches {
namespace {

// ---- which mounts are missing ---------------------------------------------------------------------------------------

bool runs_as_other_user(const ShellCommand& command) {
  return std::ranges::any_of(command.wrappers, [](const ShellWord& word) {
    return word.raw == "-u" || word.raw.starts_with("--user") || word.raw.starts_with("-u");
  });
}

// The uses of a tool that a cache serves.
struct Uses {
  std::vector<std::shared_ptr<const ContextScript>> started;  // scripts, if only these use the tool
  std::vector<const ToolUse*> all;
};

void add_uses(std::span<const ToolUse> of_script, const Tool& tool, Uses& uses) {
  for (const auto& use : of_script)
    if (use.tool == &tool && use.uses_cache()) uses.all.push_back(&use);
}

// What defeats a mount in a script is not taken out of it. A package manager of the system is told by the image to keep
// nothing, and only its own options say otherwise.
bool defeats(const Site& site, const ToolUse& use) {
  if (use.tool->packages.of_system) return true;
  const auto given = [&](std::string_view option) { return use.has_option(option); };
  const auto set = [&](std::string_view name) {
    const auto variable = find_variable(site, *use.command, name);
    return !variable.value.text.empty() || (variable.value.is_unknown() && variable.setter == Setter::command);
  };
  return use.action->kind == ActionKind::clean || std::ranges::any_of(use.tool->cache_defeat.options, given) ||
         std::ranges::any_of(use.tool->cache_defeat.variables, set) || takes_only_cached(site, use);
}

Uses find_uses(const Site& site, const Tool& tool) {
  Uses uses;
  add_uses(site.uses(), tool, uses);
  if (!uses.all.empty()) return uses;
  for (const auto& command : site.step.script->commands)
    if (auto started = known_context_script(site, command)) uses.started.push_back(std::move(started));
  for (const auto& started : uses.started)
    for (const auto& script : started->scripts) {
      for (const auto& use : script.uses)
        if (use.tool == &tool && defeats(site, use)) return {};
      add_uses(script.uses, tool, uses);
    }
  return uses;
}

// Those of all uses, each once.
std::vector<CacheDirectory> used_directories(const Site& site, const Uses& uses) {
  std::vector<CacheDirectory> directories;
  for (const auto* use : uses.all)
    for (auto& directory : cache_directories(site, *use))
      if (std::ranges::find(directories, directory.path, &CacheDirectory::path) == directories.end())
        directories.push_back(std::move(directory));
  return directories;
}

// What is to be mounted, and what was found out on the way.
struct MissingMounts {
  std::vector<CacheDirectory> directories;
  bool unknown = false;  // the place of one is not known
};

// `rm -rf /var/lib/{apt,dpkg}`: the index goes with the layer's own, and what is left needs no mount.
bool removes_index(const Site& site, const std::string& path) {
  return removes_above(site, *site.step.script, {path}).has_value();
}

MissingMounts find_missing_mounts(const Site& site, const Tool& tool, const Uses& uses) {
  MissingMounts missing;
  for (auto& directory : used_directories(site, uses)) {
    const auto& path = directory.path;
    if (directory.cache->index && path.is_known() &&
        (needs_index_in_layer(site, tool, path.text) || removes_index(site, path.text)))
      continue;
    const bool misplaced = misplaced_mount(site, tool, directory) != nullptr;
    // The author knows more about an unknown base image than we do: a mount that looks like one of the caches is
    // treated as one.
    if (misplaced && directory.assumed) return {};
    if (!path.is_known()) missing.unknown = true;
    // A mount that was meant for it is moved rather than joined by a second one.
    else if (!misplaced && mount_over(site.step, path.text) == nullptr) missing.directories.push_back(directory);
  }
  return missing;
}

// What a build makes, and no other command needs.
bool holds_results(const CacheDirectory& directory) { return directory.cache->builds_only; }

bool compiles(const Site& site, const Tool& tool) {
  return std::ranges::any_of(site.uses(), [&](const ToolUse& use) {
    return use.tool == &tool && (use.action->kind != ActionKind::fetch || use.action->compiles_dependencies);
  });
}

// Whether all RUNs that compile with the tool, of those that build on each other, follow each other: what one of them
// has compiled is then in no layer that another finds without it.
bool compile_together(const Site& site, const Tool& tool) {
  constexpr std::size_t most_compared = 20;
  const auto& file = site.file;
  const auto& places =
      file.answers({"compiles with ", tool.id}, [&](const Site& other) { return compiles(other, tool); }).places();
  if (places.size() > most_compared) return false;
  const auto first = std::ranges::find(places, site.stage.index, &StepPlace::stage);
  for (const auto& place : places) {
    const auto& stage = file.stages()[place.stage];
    if (place.stage != site.stage.index && (continues(file, stage, site.stage) || continues(file, site.stage, stage)))
      return false;
    for (auto step = first->step; place.stage == site.stage.index && step < place.step; ++step)
      if (stage.steps[step].instruction->keyword != Keyword::run) return false;
  }
  return true;
}

// Whether an earlier RUN has the mount: no layer keeps what it downloads.
bool downloads_are_mounted(const Site& site, const Tool& tool, const std::vector<CacheDirectory>& directories) {
  return std::ranges::any_of(directories, [&](const CacheDirectory& directory) {
    return directory.cache->store && directory.path.is_known() && mounted_earlier(site, tool, directory.path.text);
  });
}

// Where modules stay in a layer, only what a build compiles gets a mount.
bool keep_results_only(const Site& site, const Tool& tool, const Uses& uses, MissingMounts& missing) {
  if (std::ranges::none_of(used_directories(site, uses), holds_results) || !compile_together(site, tool)) return false;
  std::erase_if(missing.directories, std::not_fn(holds_results));
  return true;
}

Declined unknown_place(const Site& site, const Tool& tool, const Uses& uses) {
  const auto placed = [&](const ToolUse* use) { return is_placed_by_option(site, *use); };
  if (std::ranges::any_of(uses.all, placed)) return {"an option of the command says where the cache is"};
  if (tool.packages.of_system)
    return {"where " + std::string(tool.title) + " keeps its cache depends on the distribution and release of `" +
            chain_of(site.file, site.stage).back()->base.text + "`, which are not known"};
  return {"where " + std::string(tool.title) +
          " keeps its cache here depends on a user or a variable that is not known from this file"};
}

// ---- what forbids them ----------------------------------------------------------------------------------------------

// `cp $(go list -m -f '{{.Dir}}' example.org/x)/schema.sql /`: what is taken from the place may be in the layer of an
// earlier RUN, and not in a mount.
Obstacle query_obstacle(const Site& site, const Tool& tool) {
  const auto asks = [&](const Site& other) {
    const auto text = other.step.instruction->text.view();
    return other.step.instruction->keyword == Keyword::run &&
           std::ranges::any_of(tool.cache_use.place_queries,
                               [&](std::string_view query) { return text.find(query) != text.npos; });
  };
  const std::initializer_list<std::string_view> question = {"asks for the place of ", tool.id};
  if (tool.cache_use.place_queries.empty() ||
      !(site.holds_here(question, asks) || site.any_earlier(question, asks) || site.any_later(question, asks)))
    return std::nullopt;
  return Declined{"a RUN asks where " + std::string(tool.title) + " keeps its cache, and may need what is there"};
}

Obstacle creation_obstacle(const Site& site, const std::vector<std::string>& targets) {
  const auto made = makes_above(site, targets);
  if (!made) return std::nullopt;
  return Declined{"this RUN makes `" + *made + "`, which would be there already for the mount"};
}

Obstacle removal_obstacle(const Site& site, const std::vector<std::string>& targets) {
  const auto removed = removes_above(site, *site.step.script, targets);
  if (!removed) return std::nullopt;
  return Declined{"this RUN removes files in or below `" + *removed + "`, and would fail at a mount there"};
}

// The same in the scripts that are started, and what else there names a cache.
Obstacle obstacle_in_script(const Site& site, const ContextScript& started, const std::vector<std::string>& targets) {
  const auto name = started.by_make ? "a recipe of the Makefile" : '`' + started.files.front().source + '`';
  const auto home = home_of(site);
  const auto names_one = [&](const ShellWord& word) {
    return std::ranges::any_of(targets, [&](const std::string& target) {
      // `~/.npm`, `$HOME/.npm`
      const bool at_home = home.is_known() && home.text != "/" && path_is_under(target, home.text);
      return word.raw.find(at_home ? target.substr(home.text.size()) : target) != std::string::npos;
    });
  };
  for (const auto& script : started.scripts) {
    if (const auto removed = removes_above(site, script, targets))
      return Declined{name + " removes `" + *removed + "`, and would fail at a mount there"};
    for (const auto& command : script.commands)
      if (!command.may_change_variables() && std::ranges::any_of(command.words, names_one))
        return Declined{name + " uses the cache directory itself"};
  }
  return std::nullopt;
}

Obstacle script_obstacle(const Site& site, const Uses& uses, const std::vector<std::string>& targets) {
  for (const auto& started : uses.started)
    if (auto obstacle = obstacle_in_script(site, *started, targets)) return obstacle;
  return std::nullopt;
}

// A user who is not root cannot write to a mount that root owns, and whose uid must be known to say so. A package
// manager of the system runs as root whatever USER says.
Obstacle owner_obstacle(const Site& site) {
  if (const auto owner = mount_owner(site); !owner)
    return Declined{owner.reason() + ", and without it the mount is not writable"};
  const auto names_user = [](const Site& earlier) { return earlier.step.instruction->keyword == Keyword::user; };
  if (site.step.user.is_unknown() && site.any_earlier({"names a user"}, names_user))
    return Declined{"it is not known which user runs this step, and only root can write to the mount"};
  return std::nullopt;
}

Obstacle bind_obstacle(const Step& step, const std::vector<std::string>& targets) {
  const auto is_bound = [&](const std::string& target) {
    return std::ranges::any_of(step.mounts, [&](const Mount& mount) {
      return mount.type == Mount::Type::bind && mount.target.is_known() && path_is_under(target, mount.target.text);
    });
  };
  if (std::ranges::none_of(targets, is_bound)) return std::nullopt;
  return Declined{"a bind mount of this RUN provides that directory, which a cache mount would hide"};
}

Obstacle builder_obstacle(const Site& site, Builder builder) {
  if (site.step.script->opaque) return Declined{"the script of this RUN could not be read"};
  if (has_run_mounts(site.file, builder)) return std::nullopt;
  return Declined{
      "the builder does not support `RUN --mount`: `# syntax=` names a frontend before 1.2, or the builder is too old"};
}

// Whether a variable may say where the tool has this cache itself: `npm_config_cache`, `PIP_CACHE_DIR`. Another of its
// variables that names the same place is one for the cache that the tables do not know.
bool is_for_cache(const Tool& tool, const Binding& variable, std::string_view target) {
  const auto in = [&](std::string_view path) { return path.find(variable.name) != path.npos; };
  const bool named = std::ranges::any_of(tool.caches, [&](const ToolCache& cache) {
    return in(cache.path) || std::ranges::any_of(cache.alternatives, in, &CacheAlternative::path);
  });
  return named || (is_variable_of(tool, variable.name) && clean_path(variable.value.text) == target);
}

// `ENV PUPPETEER_CACHE_DIR=/root/.npm/browsers`, `ENV UV_TOOL_DIR=/root/.cache/uv/tools`: what is put there is meant
// for the image.
Obstacle variable_obstacle(const Site& site, const Tool& tool, const std::vector<std::string>& targets) {
  const auto& environment = site.stage.environment;
  for (std::size_t i = 0; i < environment.size(); ++i) {
    const auto& variable = environment[i];
    if (!variable.persists || !variable.value.is_known() || !variable.value.text.starts_with('/')) continue;
    for (const auto& target : targets)
      if (path_is_under(clean_path(variable.value.text), target) && !is_for_cache(tool, variable, target))
        return Declined{"`" + variable.name + "` names `" + variable.value.text + "`, which a mount on `" + target +
                        "` would keep out of the image"};
  }
  return std::nullopt;
}

// Whether this RUN or a later one takes from the cache what a mount hides or does not contain.
Obstacle cached_obstacle(const Site& site, const Tool& tool) {
  if (use_of_earlier_downloads(site, tool) != nullptr)
    return Declined{"it works offline, with files from an earlier layer, which a mount would hide"};
  const auto needs = [&](const Site& later) { return use_of_earlier_downloads(later, tool) != nullptr; };
  const auto later = site.first_later({"needs earlier downloads of ", tool.id}, needs);
  if (!later) return std::nullopt;
  const auto& command = *use_of_earlier_downloads(*later, tool)->command;
  return Declined{"a later RUN (`" + first_words(later->step.script->text.view(command.span), 60) +
                  "`) downloads nothing and needs what " + std::string(tool.title) +
                  " downloads here, but a mount may be empty by then"};
}

// The first of them; what the tool itself adds follows.
Obstacle place_obstacle(const Site& site, const Tool& tool, const std::vector<std::string>& targets, Builder builder) {
  if (const auto emptied = find_emptied_mount(site); emptied && emptied->inside)
    return Declined{"this RUN fails at its mount on `" + emptied->mount->target.text + "`, which is to go first"};
  if (auto obstacle = removal_obstacle(site, targets)) return obstacle;
  if (auto obstacle = creation_obstacle(site, targets)) return obstacle;
  if (auto obstacle = query_obstacle(site, tool)) return obstacle;
  if (auto obstacle = cache_reader(site, tool, targets)) return obstacle;
  if (!tool.packages.of_system)
    if (auto obstacle = owner_obstacle(site)) return obstacle;
  if (auto obstacle = obstacle_of_new_owner(site, tool, targets)) return obstacle;
  if (auto obstacle = bind_obstacle(site.step, targets)) return obstacle;
  if (auto obstacle = variable_obstacle(site, tool, targets)) return obstacle;
  return builder_obstacle(site, builder);
}

// ---- the edits ------------------------------------------------------------------------------------------------------

// The user of the step is root, or one whose uid is known.
std::vector<std::string> mount_flags(const Site& site, const Tool& tool, const std::vector<CacheDirectory>& directories,
                                     Builder builder) {
  const auto owner = tool.packages.of_system ? std::string() : *mount_owner(site);
  std::vector<std::string> flags;
  for (const auto& directory : directories) {
    const auto& target = directory.path.text;
    std::string flag = "--mount=type=cache,target=" + target;
    if (const auto id = needed_store_id(site, tool, target)) flag += ",id=" + *id;
    if (must_be_locked(*directory.cache, builder)) flag += ",sharing=locked";
    flags.push_back(flag + owner);
  }
  return flags;
}

// Adds the flags to edits of the script that follows them.
std::vector<TextEdit> with_flags(std::vector<TextEdit> edits, TextEdit flags) {
  // A prepended command and the flags may go to the same point; the flags then come first.
  const auto same = std::ranges::find(edits, flags.span, &TextEdit::span);
  if (same != edits.end()) {
    flags.text += same->text;
    edits.erase(same);
  }
  // A word or an element removed at the very start would swallow the insertion point.
  const auto at_start = std::ranges::find_if(
      edits, [&](const TextEdit& edit) { return edit.span.begin == flags.span.begin && !edit.span.empty(); });
  if (at_start != edits.end()) at_start->text = flags.text + at_start->text;
  else edits.push_back(std::move(flags));
  return edits;
}

Assumption base_image_defaults(const Site& site, const Tool& tool) {
  const auto& base = site.stage.base;
  return {std::string(base_image_defaults_id),
          (base.is_known() && !base.text.empty() ? '`' + base.text + '`' : std::string("the base image")) +
              (is_root(site.step.user) ? " leaves" : " runs as root and leaves") + " the cache directories of " +
              std::string(tool.title) + " where they are by default"};
}

bool is_argument(const Bindings& environment, std::string_view name) {
  const auto* binding = environment.find(name);
  return binding != nullptr && !binding->persists;
}

// `USER $UID` after `ARG UID=1000`: who builds the image may say another, who could not write to the mount.
bool names_user_by_argument(const Site& site) {
  const auto& instruction = *site.step.instruction;
  if (instruction.keyword != Keyword::user || instruction.arguments.empty()) return false;
  const std::string_view text = instruction.arguments[0].text;
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
  for (auto at = text.find('$'); at != text.npos; at = text.find('$', at + 1)) {
    const auto begin = text.substr(at + 1).starts_with('{') ? at + 2 : at + 1;
    const auto end = text.find_first_not_of(letters, begin);
    if (is_argument(site.stage.environment, text.substr(begin, end == text.npos ? end : end - begin))) return true;
  }
  return false;
}

// Of several the last one counts.
bool is_user_of_argument(const Site& site) {
  if (!site.any_earlier({"names a user by an argument"}, names_user_by_argument)) return false;
  const auto is_user = [](const Step& step) { return step.instruction->keyword == Keyword::user; };
  const auto earlier = site.earlier();
  const auto last = std::find_if(earlier.rbegin(), earlier.rend(), is_user);
  return last == earlier.rend() || names_user_by_argument(site.at(*last));
}

std::optional<Assumption> default_user(const Site& site, const Tool& tool) {
  if (tool.packages.of_system || !site.step.user.is_known()) return std::nullopt;
  if (!is_user_of_argument(site)) return std::nullopt;
  return Assumption{"default-user", "the RUN's user is `" + site.step.user.text +
                                        "`, as the build argument's default says, and no build passes another"};
}

// Of those that are about to be added, and of all others.
std::vector<std::string> mounted_targets(const Step& step, std::vector<std::string> targets) {
  for (const auto& mount : step.mounts)
    if (mount.type == Mount::Type::cache && mount.target.is_known()) targets.push_back(mount.target.text);
  return targets;
}

// `missing` and its `targets` are not empty.
Outcome<CacheMounts> add_mounts(const Site& site, const Tool& tool, const std::vector<CacheDirectory>& missing,
                                const std::vector<std::string>& targets, Builder builder) {
  if (const auto& refusal = site.context().origin().refuses_mounts; !refusal.empty()) return Declined{refusal};
  if (site.stage.reference.names_windows() || (site.stage.image && site.stage.image->windows))
    return Declined{"the base is an image of Windows, where builders have no cache mounts"};
  if (auto obstacle = place_obstacle(site, tool, targets, builder)) return *std::move(obstacle);
  auto hazards = find_cache_hazards(site, tool);
  if (!hazards) return hazards.declined();
  if (auto obstacle = cached_obstacle(site, tool)) return *std::move(obstacle);
  if (auto obstacle = container_obstacle(site, tool)) return *std::move(obstacle);
  const bool store =
      std::ranges::any_of(missing, [](const CacheDirectory& directory) { return directory.cache->store; });
  const bool results = std::ranges::all_of(missing, holds_results);
  if (!results && !downloads_are_mounted(site, tool, missing))
    if (auto obstacle = hosted_obstacle(site, tool, store)) return *std::move(obstacle);
  if (auto obstacle = user_obstacle(site, tool)) return *std::move(obstacle);
  // What is compiled is kept, read and started as what is downloaded.
  if (store || results)
    if (auto obstacle = store_obstacle(site, tool, targets)) return *std::move(obstacle);
  auto removal = plan_defeat_removal(site, tool, mounted_targets(site.step, targets)).removal;
  if (!removal) return removal.declined();
  auto parents = tool.packages.of_system ? std::vector<TextEdit>() : make_parents(site, targets);
  if (!parents) return parents.declined();

  CacheMounts mounts;
  mounts.edits = with_flags(std::move(removal->edits), add_flags(site.file.document(), *site.step.instruction,
                                                                 mount_flags(site, tool, missing, builder)));
  mounts.makes_parents = !parents->empty();
  std::ranges::move(*parents, std::back_inserter(mounts.edits));
  mounts.assumptions = *std::move(hazards);
  if (auto assumption = store ? store_assumption(site, tool) : std::nullopt) mounts.assumptions.push_back(*assumption);
  std::ranges::move(removal->assumptions, std::back_inserter(mounts.assumptions));
  if (auto assumption = default_user(site, tool)) mounts.assumptions.push_back(*std::move(assumption));
  const bool assumed = (site.step.user.is_unknown() && !tool.packages.of_system) ||
                       std::ranges::any_of(missing, &CacheDirectory::assumed);
  if (assumed) mounts.assumptions.push_back(base_image_defaults(site, tool));
  else if (site.stage.base_from_argument) mounts.assumptions.push_back(default_base_image(site.stage));
  return mounts;
}

}  // namespace

bool has_run_mounts(const Dockerfile& file, Builder builder) {
  if (!has_mounts(builder) || !file.context().origin().refuses_mounts.empty()) return false;
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
  if (stage.reference.name().empty())  // another stage's
    return {"default-base-image", "the base image is the build argument's default, or one like it"};
  return {"default-base-image",
          "the base image is `" + stage.reference.name() + "` or one like it, as the build argument's default says"};
}

CacheMountPlan plan_cache_mounts(const Site& site, const Tool& tool, Builder builder, Mounted mounted) {
  CacheMountPlan plan;
  const auto uses = find_uses(site, tool);
  if (uses.all.empty()) return plan;
  if (runs_as_other_user(*uses.all.front()->command)) {
    plan.unknown = true;
    plan.mounts = Declined{"the command runs as another user, whose cache is elsewhere"};
    return plan;
  }
  auto missing = find_missing_mounts(site, tool, uses);
  const bool in_layers = mounted == Mounted::results ||
                         (!downloads_are_mounted(site, tool, missing.directories) && hosted_obstacle(site, tool, true));
  if (!missing.directories.empty() && in_layers) plan.results_only = keep_results_only(site, tool, uses, missing);
  for (const auto& directory : missing.directories) {
    plan.missing.push_back(directory.path.text);
    plan.store |= directory.cache->store;
  }
  plan.unknown = missing.unknown;
  if (plan.unknown) plan.mounts = unknown_place(site, tool, uses);
  else if (auto obstacle = script_obstacle(site, uses, plan.missing)) plan.mounts = *std::move(obstacle);
  else if (!plan.missing.empty()) plan.mounts = add_mounts(site, tool, missing.directories, plan.missing, builder);
  if (mounted == Mounted::results && plan.store && plan.mounts)
    plan.mounts = Declined{"an earlier RUN keeps in its layer what it downloads, and a mount would hide that"};
  return plan;
}

}  // namespace dockhew::inline caches
