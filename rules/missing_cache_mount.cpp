// Fires on a RUN that downloads packages with a tool whose cache could be kept in a mount between builds, but has no
// such mount. The fix mounts the directories that the tool uses for this user, and removes from the RUN whatever would
// defeat the mounts.
#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "caches/cache_directories.hpp"
#include "caches/hosted_obstacle.hpp"
#include "caches/mount_plan.hpp"
#include "ecosystems/context_scripts.hpp"
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/installation.hpp"
#include "ecosystems/pruning.hpp"
#include "ecosystems/system/absent_programs.hpp"
#include "edits/run_edits.hpp"
#include "effects/branches.hpp"
#include "flow/absent_manifest.hpp"
#include "layers/dependency_layer.hpp"
#include "layers/manifests_first.hpp"
#include "lint/mount_fix.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/site.hpp"
#include "syntax/comments.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

std::string join(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "`" : ", `") + name + "`";
  return text;
}

// Whether files from outside reach the RUN. Without any, as where it clones what it builds, it runs again only when
// this line or one above it changes.
bool has_files(const Site& site) {
  const auto copies = [](const Site& earlier) { return earlier.step.copy.has_value(); };
  return has_bind_mount(site.step) || site.any_earlier({"copies files"}, copies);
}

// Whether the layer is rebuilt often: with every change of the project or of what it depends on. What is installed by
// name, and what comes from the distribution, is downloaded again only when this line or one above it changes.
bool is_rebuilt_often(const Site& site, const Tool& tool, std::span<const ToolUse> uses) {
  if (tool.packages.of_system || !has_files(site)) return false;
  return std::ranges::any_of(uses, [&](const ToolUse& use) {
    return use.tool == &tool && use.uses_cache() && use.action->kind != ActionKind::refresh &&
           installation_of(use).declares != Declares::names && !names_versions(use);
  });
}

// Whether a comment says why there is no cache mount: "No cache mount here: it breaks the build of wheels".
bool speaks_against_mounts(std::string_view comments) {
  constexpr std::string_view mounts[] = {"cache mount", "cache-mount", "mount cache", "mount=type=cache"};
  constexpr std::string_view denials[] = {"avoid", "broken",    "can't", "cannot", "disable", "don't",
                                          "fail",  "interfere", "never", "no",     "not",     "without"};
  const auto text = to_lower_ascii(comments);
  const auto has = [&](std::string_view part) { return text.find(part) != text.npos; };
  if (std::ranges::none_of(mounts, has)) return false;
  for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end + 1) {
    end = std::min(text.find_first_of(" \t\n,.:;()#", begin), text.size());
    auto word = std::string_view(text).substr(begin, end - begin);
    if (word.ends_with('s')) word.remove_suffix(1);
    if (std::ranges::find(denials, word) != std::end(denials)) return true;
  }
  return false;
}

using Comments = std::vector<std::vector<std::string_view>>;  // above each instruction of a file

// Those above a RUN, and those between its lines. `above` is filled when it is first needed.
std::string comments_of(const Dockerfile& file, const Step& step, std::optional<Comments>& above) {
  if (!above) above = instruction_comments(file.document());
  std::string all = comment_lines(slice(file.source(), step.instruction->span));
  for (const auto comment : (*above)[step.index]) all += std::string(comment) + '\n';
  return all;
}

// Whether something that the tool installs by name in this RUN is worth keeping although it is downloaded again only
// when this line or one above it changes: a large package, or one that is compiled.
bool installs_much(std::span<const ToolUse> uses, const Tool& tool) {
  const auto is_large = [&](const ShellCommand& command, std::size_t i) {
    const auto& word = command.words[i];
    const auto is_it = [&](std::string_view pattern) { return glob_match(pattern, word.text()); };
    return word.value.is_known() && std::ranges::any_of(tool.packages.large, is_it);
  };
  return std::ranges::any_of(uses, [&](const ToolUse& use) {
    if (use.tool != &tool || use.action->kind == ActionKind::refresh || !use.uses_cache()) return false;
    return tool.cost.compiles_dependencies ||
           std::ranges::any_of(use.operands, [&](std::size_t i) { return is_large(*use.command, i); });
  });
}

// Whether one of the missing mounts would keep what a build makes, and not only what it downloads.
bool lacks_results(const Site& site, const Tool& tool, const CacheMountPlan& plan) {
  return std::ranges::any_of(site.uses(), [&](const ToolUse& use) {
    if (use.tool != &tool || use.action->kind != ActionKind::build) return false;
    return std::ranges::any_of(cache_directories(site, use), [&](const CacheDirectory& directory) {
      return directory.cache->builds_only && directory.path.is_known() &&
             std::ranges::find(plan.missing, directory.path.text) != plan.missing.end();
    });
  });
}

// Whether the tool has mounts in this RUN, and puts nothing into the caches that have none: Cargo's for Git, where no
// dependency comes from there.
bool has_what_it_fills(const Site& site, const Tool& tool, const CacheMountPlan& plan) {
  const auto* ecosystem = find_ecosystem(tool);
  if (ecosystem == nullptr || ecosystem->fills_nothing_in == nullptr) return false;
  bool mounted = false;
  for (const auto& use : site.uses()) {
    if (use.tool != &tool) continue;
    for (const auto& directory : cache_directories(site, use)) {
      if (!directory.path.is_known()) return false;
      const bool missing = std::ranges::find(plan.missing, directory.path.text) != plan.missing.end();
      if (missing && !ecosystem->fills_nothing_in(site, use, *directory.cache)) return false;
      mounted |= !missing;
    }
  }
  return mounted;
}

// `dotnet publish` after `dotnet restore`, `mvn package` after `mvn dependency:go-offline`: the packages are in the
// layer, and it is the earlier RUN that downloads them.
bool has_downloads_already(const Site& site, const Tool& tool, const CacheMountPlan& plan) {
  const auto builds = [&](const ToolUse& use) { return use.tool != &tool || use.action->kind == ActionKind::build; };
  if (!std::ranges::all_of(site.uses(), builds) || lacks_results(site, tool, plan)) return false;
  return site.any_earlier({"fetches with ", tool.id}, [&](const Site& earlier) {
    return std::ranges::any_of(
        earlier.uses(), [&](const ToolUse& use) { return use.tool == &tool && use.action->kind == ActionKind::fetch; });
  });
}

// " on `/root/.npm`", where it is certain that the cache is there: the image may set the variables that move it.
std::string place_of(const CacheMountPlan& plan) {
  const bool guessed = plan.mounts && std::ranges::any_of(plan.mounts->assumptions, [](const Assumption& assumption) {
                         return assumption.id == base_image_defaults_id;
                       });
  return plan.missing.empty() || guessed ? "" : " on " + join(plan.missing);
}

// Whether the downloads can have a layer, which a hosted runner keeps: under a mount, the build would not see it.
bool gets_layer(const Site& site, const Tool& tool) {
  if (site.context().origin().hosted_layers.empty()) return false;
  const auto missing = find_missing_layer(site);
  if (missing && missing->use->tool == &tool && missing->layer.only_downloads && add_dependency_layer(*missing))
    return true;
  // `go mod download && go build`, of which the first half can come before the source.
  const auto uses_store = [&](const ToolUse& use) { return use.tool == &tool && use.uses_cache(); };
  if (std::ranges::count_if(site.uses(), uses_store) < 2) return false;
  std::optional<ChangedSteps> changed;
  return std::ranges::any_of(find_late_installations(site.file, site.stage, changed), [&](const auto& late) {
    return &site.stage.steps[late.run] == &site.step && late.use->tool == &tool &&
           copy_source_after(site.file, site.stage, late);
  });
}

Fix fix_of(Outcome<CacheMounts> mounts, const Tool& tool) {
  auto title = "add a cache mount for " + std::string(tool.title);
  if (mounts && mounts->makes_parents) title += ", and make the directory above it before the builder does as root";
  return as_fix(std::move(mounts), std::move(title));
}

// A RUN without the mount of a tool.
struct Lack {
  const Stage* stage;
  const Tool* tool;
  bool store;    // later RUNs read from the mount what this one downloads
  bool results;  // or what it compiles
  Span span;
  std::string message;
  Severity severity;
  Fix fix;
};

// A store that is mounted in one RUN is missing in the next without the mount, so the fix of each adds the mounts of
// all. Where one of them cannot have it, or in a file of very many, the gate sees to that, but not to what is compiled.
void join_mounts(const Dockerfile& file, std::vector<Lack>& lacks) {
  constexpr std::ptrdiff_t most_joined = 20;
  if (std::ranges::count_if(lacks, &Lack::store) > most_joined) return;
  std::map<std::tuple<const Stage*, const Tool*, bool>, std::vector<Lack*>> groups;
  for (auto& lack : lacks)
    if (lack.store || lack.results)
      groups[{chain_of(file, *lack.stage).back(), lack.tool, lack.results}].push_back(&lack);
  for (const auto& [place, group] : groups) {
    const auto declined = std::ranges::find_if(group, [](const Lack* lack) { return !lack->fix.declined.empty(); });
    if (declined != group.end()) {
      for (auto* lack : group)
        if (lack->results && lack->fix.declined.empty())
          decline(lack->fix, "another RUN that compiles cannot have the mount: " + (*declined)->fix.declined);
      continue;
    }
    std::vector<const Fix*> others;
    for (const auto* lack : std::span(group).subspan(1)) others.push_back(&lack->fix);
    auto all = joined_fix(group.front()->fix, others);
    for (auto* lack : group) {
      all.title = std::move(lack->fix.title);
      lack->fix = all;
    }
  }
}

// Whether the use certainly downloads nothing: its program is not in the image, or it finds no manifest and ends
// without an error. That is said by rules of their own.
bool cannot_work(const Site& site, const ToolUse& use, std::size_t& examined) {
  constexpr std::size_t most = 40;  // for each, all steps before it are read
  const auto uses = site.uses();
  const auto first = std::ranges::find(uses, use.tool, &ToolUse::tool);  // what it is not there for, others are not
  if (first != uses.end() && manager_in_place_of(site, *first->command)) return true;
  const bool installs = use.action->kind == ActionKind::install || use.action->kind == ActionKind::fetch;
  if (!installs || ++examined > most) return false;
  const auto absent = absent_manifest(site, use);
  return absent && absent->may_succeed && !absent->in_context;
}

// Whether a RUN brings what a manifest says, which later ones build with.
bool fetches(const Site& site, const Tool& tool) {
  return std::ranges::any_of(site.uses(), [&](const ToolUse& use) {
    return use.tool == &tool && (use.action->kind == ActionKind::fetch || installs_from_manifest(use));
  });
}

// What a RUN lacks, for a person. `first` is the use of the tool that is shown.
std::string message_of(const Site& site, const ToolUse& first, const CacheMountPlan& plan) {
  const auto& tool = *first.tool;
  const bool compiles = !tool.launches.empty();
  const bool builds = !compiles && first.action->kind == ActionKind::build && lacks_results(site, tool, plan);
  const auto name = tool.named_as_called || compiles ? first.command->name() : std::string(tool.id);
  return "`" + name + "` " +
         (compiles ? "compiles"
          : builds ? "compiles everything"
                   : "downloads") +
         " again whenever this layer is rebuilt; a cache mount" + place_of(plan) + " would keep " +
         (compiles ? "what " + std::string(tool.title) + " has"
          : builds ? "what does not change"
                   : "it");
}

// Whether nothing is lacking, or another rule says so: a mount is there, or one of an earlier RUN.
bool is_settled(const Site& site, const Tool& tool, const CacheMountPlan& plan) {
  if (plan.missing.empty() && !plan.unknown) return true;
  // Someone who moved the cache and mounts something here has most likely mounted the cache.
  const auto is_cache = [](const Mount& mount) { return mount.type == Mount::Type::cache; };
  if (plan.unknown && std::ranges::any_of(site.step.mounts, is_cache)) return true;
  // `cache-mount-missing-on-consumer` reports that.
  const auto is_mounted_earlier = [&](const std::string& directory) { return mounted_earlier(site, tool, directory); };
  if (plan.store && std::ranges::any_of(plan.missing, is_mounted_earlier)) return true;
  return !plan.unknown && has_what_it_fills(site, tool, plan);
}

// Goes through the RUNs of a file, in order.
class Search {
 public:
  explicit Search(const RuleOptions& options) : options_(options) {}

  void look_at(const Site& site) {
    for (const auto& tool : site.file.facts().tools)
      if (tool.cache_use.mount_pays) look_at(site, tool);
  }

  std::vector<Lack> lacks;

 private:
  // Of those that would fill the cache; null without one.
  const ToolUse* first_use(const Site& site, const Tool& tool) {
    const auto& uses = site.step.script->uses;
    const auto first = std::ranges::find_if(uses, [&](const ToolUse& use) {
      // Lists fetched by `apt-get update` alone are meant for the image or for a later RUN.
      return use.tool == &tool && use.uses_cache() && use.action->kind != ActionKind::refresh &&
             branch_of(site, *use.command) != Branch::dead_by_missing_file && !prunes_in_place(site, use) &&
             !cannot_work(site, use, examined_);
    });
    return first == uses.end() ? nullptr : &*first;
  }

  // Whether an earlier RUN leaves in its layer, which this one finds there, what the tool downloads.
  bool finds_downloads(const Site& site, const Tool& tool) const {
    return std::ranges::any_of(
        kept_, [&](const auto& each) { return each.second == &tool && continues(site.file, site.stage, *each.first); });
  }

  void look_at(const Site& site, const Tool& tool) {
    const auto* first = first_use(site, tool);
    if (first == nullptr) return;
    const auto& uses = site.step.script->uses;
    const bool often = is_rebuilt_often(site, tool, uses);
    // There would be nothing to do about it, or little gained; `optimize` offers it, or says why not.
    const bool pays = site.context().origin().hosted.empty() &&
                      branch_of(site, *first->command) != Branch::dead_by_default &&
                      (often || installs_much(uses, tool));
    // A store's fix is that of all RUNs together.
    if (!pays && options_.only_shown && std::ranges::none_of(tool.caches, &ToolCache::store)) return;
    const bool kept_before = finds_downloads(site, tool);
    auto plan = plan_cache_mounts(site, tool, options_.builder, kept_before ? Mounted::results : Mounted::all);
    if (is_settled(site, tool, plan)) return;
    auto message = message_of(site, *first, plan);
    auto severity = often ? Severity::warning : Severity::info;
    if (!pays || !plan.mounts || has_downloads_already(site, tool, plan)) severity = Severity::off;
    auto fix = fix_of(std::move(plan.mounts), tool);
    if (fix.declined.empty() && plan.store && gets_layer(site, tool))
      decline(fix, fetched_layers(site.context()) + ", and a layer of its own keeps the downloads");
    if (fix.declined.empty() && speaks_against_mounts(comments_of(site.file, site.step, comments_))) {
      decline(fix, "a comment says why there is none");
      severity = Severity::off;
    }
    if (plan.store && !fix.declined.empty() && !kept_before && fetches(site, tool))
      kept_.emplace_back(&site.stage, &tool);
    lacks.push_back({&site.stage, &tool, plan.store, plan.results_only,
                     site.step.script->to_source(first->command->words[0].span), std::move(message), severity,
                     std::move(fix)});
  }

  const RuleOptions& options_;
  std::optional<Comments> comments_;
  std::vector<std::pair<const Stage*, const Tool*>> kept_;  // by RUNs that cannot have mounts, each once
  std::size_t examined_ = 0;
};

// Tools that only scripts of the build context run, recipes of a Makefile among them.
void check_started(const Site& site, Report& report) {
  std::vector<const Tool*> seen;
  for (const auto& use : site.step.script->uses) seen.push_back(use.tool);
  for (const auto& command : site.step.script->commands) {
    const auto started = known_context_script(site, command);
    if (!started) continue;
    for (const auto& script : started->scripts)
      for (const auto& use : script.uses) {
        const auto& tool = *use.tool;
        if (!tool.cache_use.mount_pays || !use.uses_cache() || std::ranges::find(seen, &tool) != seen.end()) continue;
        seen.push_back(&tool);
        auto plan = plan_cache_mounts(site, tool, report.options().builder);
        if (plan.missing.empty() && !plan.unknown) continue;
        const auto name = started->by_make ? command.name() : started->files.front().source;
        auto& finding = report.add(site.step.script->to_source(command.words[0].span),
                                   "`" + name + "` runs `" + use.command->name() +
                                       "`, which downloads again whenever this layer is rebuilt; a cache mount" +
                                       place_of(plan) + " would keep it");
        const bool pays =
            started->by_make || is_rebuilt_often(site, tool, script.uses) || installs_much(script.uses, tool);
        if (!plan.mounts || !pays || !site.context().origin().hosted.empty()) finding.severity = Severity::off;
        finding.fixes.push_back(fix_of(std::move(plan.mounts), tool));
      }
  }
}

void check(const Dockerfile& file, Report& report) {
  // Without mounts, or with mounts that are empty whenever a build starts, there is nothing to gain; and a download
  // made in its own layer would be lost.
  const auto& options = report.options();
  const bool mounts = options.builder == Builder::buildkit || options.builder == Builder::buildah;
  if (!mounts || options.builder_cache == BuilderCache::ephemeral) return;
  Search search(options);
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      if (step.script && !step.script->commands.empty()) {
        search.look_at({file, stage, step});
        check_started({file, stage, step}, report);
      }
  join_mounts(file, search.lacks);
  for (auto& lack : search.lacks) {
    auto& finding = report.add(lack.span, std::move(lack.message));
    finding.severity = lack.severity;
    finding.fixes.push_back(std::move(lack.fix));
  }
}

}  // namespace

extern constinit const Rule missing_cache_mount = {
    .id = "missing-cache-mount",
    .category = Category::speed,
    .severity = Severity::warning,
    .optimizes = true,
    .once_in = OnceIn::stage,
    .summary = "a package manager runs without a cache mount",
    .rationale = R"(A layer that is rebuilt starts from scratch: every package is downloaded again, even if only one of
them changed. A cache mount keeps the package manager's cache from one build to the next, and out of the image.

The mount must be where the tool keeps its cache. That depends on the user, on `HOME` and on variables such as
`CARGO_HOME`, which the base image may set; if it cannot be determined, no fix is offered. The fix also removes flags
and clean-up commands that bypass or empty the cache. The `docker-clean` hook of Debian's and Ubuntu's images deletes
every package that APT has downloaded to `/var/cache/apt/archives`, so APT is told to keep them in `/var/cache/apt/kept`.

A mount hides the files below it, so none is offered when a later step needs them: downloaded crates or modules, for a
command that cannot be analyzed; nor where a comment at the RUN says why it has no cache mount. If APT's lists come from
an earlier layer or are read by a later one, only the downloaded packages get a mount.

NuGet's packages are used where they were downloaded. They get a mount, in all RUNs of the stage, if each of them restores
what is missing: `dotnet publish --no-restore` in a later RUN than the restore fails with an empty mount, so the packages then
stay in the layer. NuGet's cache of downloads would be no help, because what is in it counts for half an hour.

Below the home of another user than root, a RUN of that user first makes the directory above the mount, which the builder
would make as root.

Scripts and Makefiles of the build context that a RUN starts are read, and the mount goes to the RUN. They are never
changed: where one of them has an option or a variable that would defeat the mount, there is none, nor for a package
manager of the system, which the image tells to keep nothing.

`lint` reports only where a mount helps much: where a lock file or a manifest says what is installed, so that the layer
is rebuilt with every change of it, and where what is installed by name is large or compiled. It does not report what
only hosted runners build, where mounts are empty whenever a build starts. `optimize` offers the mount there too, or says
why not.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
